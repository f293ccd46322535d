using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Runs;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Receipts;

/// <summary>Makes what the ledger appends for a receipt. What counts is its place in the run as it is inside the ledger's transaction.</summary>
internal sealed class ReceiptDrafts
{
    private const string SpanPrefix = "span_";

    private readonly ServerSettings _settings;
    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;

    public ReceiptDrafts(ServerSettings settings, KeyRingStore keys, RevocationView revocations)
    {
        _settings = settings;
        _keys = keys;
        _revocations = revocations;
    }

    /// <summary>Gives the hash of everything that the caller chose; the token counts by its scope hash.</summary>
    public static byte[] FingerprintOf(ReceiptRequest request, VerifiedToken token) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(request.Fingerprint + "." + token.Claims.TokenScopeHash));

    /// <summary>Gives what the decision that a request names has to be about.</summary>
    public static DecisionClaim ClaimOf(ReceiptRequest request, string tokenScopeHash) => new()
    {
        DecisionId = request.DecisionId,
        TokenScopeHash = tokenScopeHash,
        Tool = request.Question.Tool ?? "",
        Model = request.Question.Model ?? "",
        Host = HostName.TryParse(request.Question.Host, out var host) ? host.Value.ToString() : "",
        Provider = request.Question.Provider ?? "",
        ArgumentsHash = request.Question.ArgumentsHash ?? "",
        ReceiptType = ReceiptPayloads.TypeOf(request.Content),
    };

    /// <summary>Makes the draft of a receipt, or says what makes none of it, wherever it were placed.</summary>
    public bool TryMake(ReceiptAsked asked, [NotNullWhen(true)] out ReceiptDraft? draft, [NotNullWhen(false)] out ReceiptOutcome? refusal)
    {
        var (request, now) = (asked.Request, asked.Now);
        draft = null;
        if (!ReceiptEvents.IsTypeAllowed(request.EventType))
        {
            refusal = Refuse("the type is the sidecar's own, or has white space at an end", "event_type", asked);
            return false;
        }

        var opensSpan = request.Content is ModelCallContent;
        var spanId = request.SpanId.Length > 0 || !opensSpan ? request.SpanId : SpanPrefix + Guid.CreateVersion7(now).ToString("N");
        var signing = new ReceiptSigning(_keys, _revocations, _settings.GatewayId, asked, spanId);
        refusal = signing.Fault is { } fault ? Refuse(fault.Message, fault.Pointer, asked) : null;
        draft = refusal is null ? DraftOf(asked, signing, opensSpan, spanId) : null;
        return draft is not null;
    }

    private static ReceiptDraft DraftOf(ReceiptAsked asked, ReceiptSigning signing, bool opensSpan, string spanId)
    {
        var (request, token, now) = (asked.Request, asked.Token, asked.Now);
        return new ReceiptDraft
        {
            Run = new RunRecord { RunId = request.RunId, AgentDid = token.Claims.Subject, TokenHash = token.TokenHash, StartedAt = now },
            Nonce = request.Nonce,
            RequestFingerprint = asked.Fingerprint,
            EventHash = request.EventHash,
            NewEvent = new EventDraft
            {
                RunId = request.RunId,
                EventId = RunDesk.NewEventId(now),
                EventType = request.EventType.Length > 0 ? request.EventType : ReceiptEvents.TypeOf(request.Content),
                Timestamp = Rfc3339.Format(now),
                PayloadHash = ReceiptEvents.PayloadHashOf(request.Content),
                AgentDid = token.Claims.Subject,
                TokenHash = token.TokenHash,
                RecordedAt = now,
            },
            Spans = new SpanClaim
            {
                OpensSpan = opensSpan,
                SpanId = spanId,
                ParentSpanId = NullIfEmpty(request.ParentSpanId),
                ToolSpanId = NullIfEmpty(request.ToolSpanId),
                Phase = request.Phase,
            },
            Decision = request.DecisionId.Length == 0 ? null : ClaimOf(request, token.Claims.TokenScopeHash ?? ""),
            Sign = signing.Sign,
            Admit = signing.Admit,
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static ReceiptOutcome Refuse(string message, string field, ReceiptAsked asked) =>
        new() { Reason = ReasonCode.ReceiptInvalid, Message = message, Field = field, Epoch = asked.Decision.Epoch };
}
