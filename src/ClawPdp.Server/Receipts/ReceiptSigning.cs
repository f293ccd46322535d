using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Revocations;

namespace ClawPdp.Server.Receipts;

/// <summary>
/// Signs one receipt: before the ledger's transaction for the place that it will likely have, and inside for another one; and looks inside
/// whether it may stand. Used by one thread at a time.
/// </summary>
internal sealed class ReceiptSigning
{
    // Stands for the place while it is not known.
    private static readonly ReceiptPlace AnyPlace = new(Sha256.B64u([]), ParentSpanId: null, NotBefore: null);

    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly string? _gatewayId;
    private readonly ReceiptAsked _asked;
    private readonly string _receiptId;
    private readonly string _spanId;
    private readonly string _type;
    private PurposeKey _signer;
    private Result<JsonValue> _payload;

    /// <param name="keys">The keys.</param>
    /// <param name="revocations">What is revoked.</param>
    /// <param name="gatewayId">Who stands for model calls; <see langword="null"/> for the key's own name.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="spanId">The receipt's own span; empty for none.</param>
    public ReceiptSigning(KeyRingStore keys, RevocationView revocations, string? gatewayId, ReceiptAsked asked, string spanId)
    {
        _keys = keys;
        _revocations = revocations;
        _gatewayId = gatewayId;
        _asked = asked;
        _receiptId = ReceiptPayloads.NewId(asked.Request.Content, asked.Now);
        _spanId = spanId;
        _type = ReceiptPayloads.TypeOf(asked.Request.Content);
        _signer = CurrentKey;
        _payload = Build(_signer);
    }

    /// <summary>Gets what makes no receipt, wherever it were placed; <see langword="null"/> when nothing does.</summary>
    public Fault? Fault => _payload.IsValid ? null : _payload.Faults[0];

    private PurposeKey CurrentKey => _keys.Current.SignerOf(KeyPurpose.Receipt);

    /// <summary>Signs the receipt for a place.</summary>
    public ReceiptRecord Sign(ReceiptPlace place)
    {
        if (CurrentKey is var signer && !ReferenceEquals(signer, _signer))
        {
            _payload = Build(signer);
            _signer = signer;
        }

        // A receipt is not older than the one that it hangs below, though it may have been asked for earlier.
        var asked = DateTimeOffset.FromUnixTimeMilliseconds(_asked.Now.ToUnixTimeMilliseconds());
        var signedAt = place.NotBefore is { } least && least > asked ? least : asked;
        return RecordOf(_signer.SignEnvelope(_type, ReceiptPayloads.At(_payload.Value, place, signedAt), signedAt), signedAt);
    }

    /// <summary>Looks whether the receipt may stand now; false when the key that signed it is no longer the one that does.</summary>
    /// <exception cref="AppendRefusedException">The token is expired or revoked, the policy is withdrawn, or the key of receipts is revoked.</exception>
    public bool Admit(ReceiptRecord record)
    {
        if (record.SignedAt.ToUnixTimeSeconds() >= _asked.Token.Claims.ExpiresAt)
        {
            throw new AppendRefusedException(ReasonCode.TokenExpired, "the token is expired");
        }

        LastLook.ThrowIfRevoked(_revocations, _asked.Token.Traits);
        LastLook.ThrowIfWithdrawn(_revocations, _asked.Decision.SignedChain);
        if (!ReferenceEquals(_signer, CurrentKey))
        {
            return false;
        }

        LastLook.ThrowIfRevoked(_revocations, _signer);
        return true;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private Result<JsonValue> Build(PurposeKey signer) =>
        ReceiptPayloads.Build(_receiptId, _asked.Request, _asked.Decision, AnyPlace, _spanId, _gatewayId ?? signer.PublicKey.Did, _asked.Now);

    private ReceiptRecord RecordOf(SignedEnvelope envelope, DateTimeOffset signedAt)
    {
        var request = _asked.Request;
        var question = request.Question;
        return new ReceiptRecord
        {
            ReceiptId = _receiptId,
            ReceiptType = _type,
            RunId = request.RunId,
            Nonce = request.Nonce,
            IdempotencyScope = request.RunId,
            RequestFingerprint = _asked.Fingerprint,
            EnvelopeJson = envelope.Json,
            PayloadHash = envelope.PayloadHash,
            TokenHash = _asked.Token.TokenHash,
            DecisionId = NullIfEmpty(request.DecisionId),
            Tool = NullIfEmpty(question.Tool),
            Model = NullIfEmpty(question.Model),
            Provider = NullIfEmpty(question.Provider),
            Host = HostName.TryParse(question.Host, out var host) ? host.Value.ToString() : null,
            PolicyHash = _asked.Decision.Policy?.PolicyHash,
            StatedJson = _asked.Decision.OnGrounds ? null : DecisionRecords.StatedOf(_asked.Decision.Chain, question.Stated),
            TraceParent = request.Trace.Parent,
            TraceState = request.Trace.State,
            SignedAt = signedAt,
        };
    }
}
