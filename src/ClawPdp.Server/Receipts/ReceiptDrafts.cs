using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Runs;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Receipts;

/// <summary>Makes what the ledger appends for a receipt. It is signed when its place in the run is known, inside the ledger's transaction.</summary>
internal sealed class ReceiptDrafts
{
    private const string SpanPrefix = "span_";

    // Stands for the place while the fields are checked before anything is written.
    private static readonly ReceiptPlace AnyPlace = new(Sha256.B64u([]), ParentSpanId: null, NotBefore: null);

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
        Host = NormalHostOf(request) ?? "",
        Provider = request.Question.Provider ?? "",
        ArgumentsHash = request.Question.ArgumentsHash ?? "",
        ReceiptType = ReceiptPayloads.TypeOf(request.Content),
    };

    /// <summary>Looks for what makes no receipt, wherever it were placed.</summary>
    public ReceiptOutcome? FindFault(ReceiptRequest request, Decision decision, DateTimeOffset now)
    {
        if (!ReceiptEvents.IsTypeAllowed(request.EventType))
        {
            return Refuse("the type is the sidecar's own, or has white space at an end", "event_type", decision);
        }

        var built = Build("rcpt", request, decision, AnyPlace, request.SpanId, now);
        return built.IsValid ? null : Refuse(built.Faults[0].Message, built.Faults[0].Pointer, decision);
    }

    /// <summary>Makes the draft of a receipt without a fault.</summary>
    public ReceiptDraft Make(ReceiptRequest request, Decision decision, VerifiedToken token, byte[] fingerprint, DateTimeOffset now)
    {
        var receiptId = ReceiptPayloads.NewId(request.Content, now);
        var opensSpan = request.Content is ModelCallContent;
        var spanId = request.SpanId.Length > 0 || !opensSpan ? request.SpanId : SpanPrefix + Guid.CreateVersion7(now).ToString("N");
        return new ReceiptDraft
        {
            Run = new RunRecord { RunId = request.RunId, AgentDid = token.Claims.Subject, TokenHash = token.TokenHash, StartedAt = now },
            Nonce = request.Nonce,
            RequestFingerprint = fingerprint,
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
            Sign = place => Sign(receiptId, request, decision, token, fingerprint, place, spanId, now),
        };
    }

    private static string? NormalHostOf(ReceiptRequest request) => HostName.TryParse(request.Question.Host, out var host) ? host.Value.ToString() : null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static ReceiptOutcome Refuse(string message, string field, Decision decision) =>
        new() { Reason = ReasonCode.ReceiptInvalid, Message = message, Field = field, Epoch = decision.Epoch };

    private ReceiptRecord Sign(
        string receiptId,
        ReceiptRequest request,
        Decision decision,
        VerifiedToken token,
        byte[] fingerprint,
        ReceiptPlace place,
        string spanId,
        DateTimeOffset now)
    {
        // A receipt is not older than the one that it hangs below, though it may have been asked for earlier.
        var asked = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var signedAt = place.NotBefore is { } least && least > asked ? least : asked;
        if (signedAt.ToUnixTimeSeconds() >= token.Claims.ExpiresAt)
        {
            throw new AppendRefusedException(ReasonCode.TokenExpired, "the token is expired");
        }

        LastLook.ThrowIfRevoked(_revocations, token.Traits);
        LastLook.ThrowIfWithdrawn(_revocations, decision.SignedChain);
        var type = ReceiptPayloads.TypeOf(request.Content);
        var payload = Build(receiptId, request, decision, place, spanId, signedAt);
        var envelope = _keys.Current.SignerOf(KeyPurpose.Receipt).SignEnvelope(type, payload.Value, signedAt);
        return new ReceiptRecord
        {
            ReceiptId = receiptId,
            ReceiptType = type,
            RunId = request.RunId,
            Nonce = request.Nonce,
            IdempotencyScope = request.RunId,
            RequestFingerprint = fingerprint,
            EnvelopeJson = envelope.Json,
            PayloadHash = envelope.PayloadHash,
            TokenHash = token.TokenHash,
            DecisionId = NullIfEmpty(request.DecisionId),
            Tool = NullIfEmpty(request.Question.Tool),
            Model = NullIfEmpty(request.Question.Model),
            Provider = NullIfEmpty(request.Question.Provider),
            Host = NormalHostOf(request),
            PolicyHash = decision.Policy?.PolicyHash,
            StatedJson = decision.OnGrounds ? null : DecisionRecords.StatedOf(decision.Chain, request.Question.Stated),
            SignedAt = signedAt,
        };
    }

    private Core.Faults.Result<JsonValue> Build(
        string receiptId,
        ReceiptRequest request,
        Decision decision,
        ReceiptPlace place,
        string spanId,
        DateTimeOffset now)
    {
        var gatewayId = _settings.GatewayId ?? _keys.Current.SignerOf(KeyPurpose.Receipt).PublicKey.Did;
        return ReceiptPayloads.Build(receiptId, request, decision, place, spanId, gatewayId, now);
    }
}
