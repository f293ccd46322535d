using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Issuance;

/// <summary>Signs a token and makes its issuance durable; only then is the token given out.</summary>
internal sealed class TokenMint
{
    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly EngineStateStore _states;
    private readonly LedgerStore _ledger;
    private readonly EventMeter _meter;

    public TokenMint(KeyRingStore keys, RevocationView revocations, EngineStateStore states, LedgerStore ledger, EventMeter meter)
    {
        _keys = keys;
        _revocations = revocations;
        _states = states;
        _ledger = ledger;
        _meter = meter;
    }

    /// <summary>Signs, records and gives the token, or says why not.</summary>
    /// <exception cref="LedgerException">The record could not be made durable; no token was issued.</exception>
    public async Task<IssuanceOutcome> IssueAsync(TokenDraft draft, DateTimeOffset now)
    {
        var ring = _keys.Current;
        var tokenKey = ring.SignerOf(KeyPurpose.Token);
        var keyId = tokenKey.PublicKey.KeyId;
        if (!TrySign(draft, tokenKey, out var token))
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.SignerUnavailable, "the signer that holds the key of tokens gives no signature"));
        }

        if (token.Length > CstLimits.TokenLengthMax)
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.ScopeTooLarge, "the token would be too long", "narrowing"));
        }

        var tokenHash = Sha256.Hex(token);
        var issuanceId = draft.IssuanceId ?? "iss_" + Guid.CreateVersion7(now).ToString("N");
        var record = IssuanceRecordBuilder.Build(issuanceId, draft, keyId, tokenHash, now);
        var receiptKey = ring.SignerOf(KeyPurpose.Receipt);
        var envelope = receiptKey.SignEnvelope(EnvelopeTypes.IssuanceRecord, record, now);
        var delegation = draft.Delegation is { } describe
            ? receiptKey.SignEnvelope(EnvelopeTypes.DelegationReceipt, describe(envelope.PayloadHash), now).Json
            : ReadOnlyMemory<byte>.Empty;
        var traits = RevocableTraits.Of([AncestorToken.Of(draft.Claims, keyId, tokenHash), .. draft.Ancestors]);
        void Look()
        {
            LastLook.ThrowIfRevoked(_revocations, traits);
            LastLook.ThrowIfRevoked(_revocations, receiptKey);
        }

        try
        {
            // Whoever goes away gives its place to nobody while the record is on its way.
            await _ledger.AppendIssuanceAsync(RecordOf(draft, issuanceId, keyId, tokenHash, now, envelope.Json, delegation), Look, CancellationToken.None);
        }
        catch (AppendRefusedException refused)
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(refused.Reason, refused.Message));
        }
        catch (LedgerException conflict) when (conflict.Fault == LedgerFault.Conflict && draft.IssuanceId is not null)
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.IdJagUsed, "the assertion was used before", "id_jag"));
        }

        _meter.CountIssued(draft.ParentTokenHash is not null);
        return IssuanceOutcome.Of(new IssuedToken
        {
            Token = token,
            TokenHash = tokenHash,
            Claims = draft.Claims,
            Holder = draft.Holder,
            Scope = draft.Grant.Scope,
            KeyId = keyId,
            PolicyLabel = draft.PolicyLabel,
            MatchedGroups = draft.Grant.MatchedGroups,
            MappingHash = draft.MappingHash,
            RecordJson = envelope.Json,
            DelegationJson = delegation,
            IssuanceId = issuanceId,
            Epoch = _states.Current.Epoch,
        });
    }

    // A signer elsewhere may not answer: then there is no token, and whoever asks may ask again.
    private static bool TrySign(TokenDraft draft, PurposeKey key, out string token)
    {
        try
        {
            token = CstWriter.Write(draft.Claims, key.PublicKey.KeyId, draft.Holder, key.SignToken);
            return true;
        }
        catch (SignerUnavailableException)
        {
            token = "";
            return false;
        }
    }

    private static IssuanceRecord RecordOf(
        TokenDraft draft,
        string issuanceId,
        string keyId,
        string tokenHash,
        DateTimeOffset now,
        ReadOnlyMemory<byte> envelope,
        ReadOnlyMemory<byte> delegation) => new()
        {
            IssuanceId = issuanceId,
            TokenHash = tokenHash,
            TokenId = draft.Claims.TokenId ?? "",
            Subject = draft.Claims.Subject,
            OwnerRef = draft.Claims.OwnerRef ?? "",
            KeyId = keyId,
            PolicyHash = draft.Claims.PolicyHash,
            MissionId = draft.Claims.MissionId,
            TokenScopeHash = draft.Claims.TokenScopeHash ?? "",
            IssuedAt = now,
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(draft.Claims.ExpiresAt),
            ParentTokenHash = draft.ParentTokenHash,
            DelegationJson = delegation,
            TraceParent = draft.Trace.Parent,
            TraceState = draft.Trace.State,
            EnvelopeJson = envelope,
        };
}
