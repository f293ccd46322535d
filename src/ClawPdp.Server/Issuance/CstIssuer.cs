using ClawPdp.Core.Decisions;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Identity;
using ClawPdp.Ledger;
using ClawPdp.Server.Documents;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>Turns a user's sign-in into a CST: identity, groups, grant, narrowing, signature, durable record, in that order.</summary>
internal sealed class CstIssuer
{
    private readonly ServerSettings _settings;
    private readonly IdTokenValidator _identities;
    private readonly MappingStore _mappings;
    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly EngineStateStore _states;
    private readonly LedgerStore _ledger;
    private readonly DocumentArchive _documents;
    private readonly Installation _installation;
    private readonly TimeProvider _time;

    public CstIssuer(
        ServerSettings settings,
        IdTokenValidator identities,
        MappingStore mappings,
        KeyRingStore keys,
        RevocationView revocations,
        EngineStateStore states,
        LedgerStore ledger,
        DocumentArchive documents,
        Installation installation,
        TimeProvider time)
    {
        _settings = settings;
        _identities = identities;
        _mappings = mappings;
        _keys = keys;
        _revocations = revocations;
        _states = states;
        _ledger = ledger;
        _documents = documents;
        _installation = installation;
        _time = time;
    }

    /// <summary>Issues a token, or says why not. The record is on disk before the token is returned.</summary>
    /// <exception cref="LedgerException">The record could not be made durable; no token was issued.</exception>
    public async Task<IssuanceOutcome> IssueAsync(IssuanceRequest request, CancellationToken cancellation)
    {
        if (IssuanceRequestRules.Check(request, _settings.Issuance) is { } broken)
        {
            return IssuanceOutcome.Of(broken);
        }

        var result = await _identities.ValidateAsync(request.IdToken, cancellation);
        if (result is not VerifiedIdentity identity)
        {
            return IssuanceOutcome.Of(IdentityReasons.Write(result));
        }

        var mappings = _mappings.Current;
        var granted = mappings.Resolve(identity.Groups, request.Group.Length > 0 ? request.Group : null, request.AgentDid, request.Audiences);
        if (granted.Grant is not { } whole)
        {
            return IssuanceOutcome.Of(GrantReasons.Write(granted));
        }

        var narrowed = whole.Narrow(request.Narrowing);
        if (narrowed.Grant is not { } grant)
        {
            return IssuanceOutcome.Of(GrantReasons.Write(narrowed));
        }

        if (request.PolicyHash.Length > 0 && grant.Pin is { } pin && !string.Equals(pin.PolicyHash, request.PolicyHash, StringComparison.Ordinal))
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.PolicyPinConflict, "the mapping pins another policy", "policy_hash_b64u"));
        }

        await _documents.KeepAsync(mappings);
        return await SignAsync(request, identity, grant, mappings.MappingHash, cancellation);
    }

    private async Task<IssuanceOutcome> SignAsync(
        IssuanceRequest request,
        VerifiedIdentity identity,
        Grant grant,
        string mappingHash,
        CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var ring = _keys.Current;
        var claims = ClaimsBuilder.Build(request, identity, grant, _settings.Issuance, _installation, now);
        var tokenKey = ring.SignerOf(KeyPurpose.Token);
        var token = CstWriter.Write(claims, tokenKey.PublicKey.KeyId, tokenKey.SignToken);
        if (token.Length > CstLimits.TokenLengthMax)
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.ScopeTooLarge, "the token would be too long", "narrowing"));
        }

        var tokenHash = Core.Encoding.Sha256.Hex(token);
        if (_revocations.IsRevoked(claims, tokenKey.PublicKey.KeyId, tokenHash))
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.TokenRevoked, "what the token would carry is revoked"));
        }

        var issuanceId = "iss_" + Guid.CreateVersion7(now).ToString("N");
        var record = IssuanceRecordBuilder.Build(issuanceId, identity, grant, mappingHash, claims, tokenKey.PublicKey.KeyId, tokenHash, _installation, now);
        var envelope = ring.SignerOf(KeyPurpose.Receipt).SignEnvelope(EnvelopeTypes.IssuanceRecord, record, now);
        await _ledger.AppendIssuanceAsync(
            new IssuanceRecord
            {
                IssuanceId = issuanceId,
                TokenHash = tokenHash,
                TokenId = claims.TokenId ?? "",
                Subject = claims.Subject,
                OwnerRef = claims.OwnerRef ?? "",
                KeyId = tokenKey.PublicKey.KeyId,
                PolicyHash = claims.PolicyHash,
                MissionId = claims.MissionId,
                TokenScopeHash = claims.TokenScopeHash ?? "",
                IssuedAt = now,
                ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt),
                EnvelopeJson = envelope.Json,
            },
            cancellation);
        return IssuanceOutcome.Of(new IssuedToken
        {
            Token = token,
            TokenHash = tokenHash,
            Claims = claims,
            Scope = grant.Scope,
            KeyId = tokenKey.PublicKey.KeyId,
            PolicyLabel = grant.Pin?.PolicyVersion ?? "",
            MatchedGroups = grant.MatchedGroups,
            MappingHash = mappingHash,
            RecordJson = envelope.Json,
            IssuanceId = issuanceId,
            Epoch = _states.Current.Epoch,
        });
    }
}
