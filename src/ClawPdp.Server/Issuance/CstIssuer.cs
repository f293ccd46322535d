using ClawPdp.Core.Decisions;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.State;
using ClawPdp.Identity;
using ClawPdp.Ledger;
using ClawPdp.Server.Documents;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>Turns a user's sign-in into a CST: identity, groups, grant, narrowing, signature, durable record, in that order.</summary>
internal sealed class CstIssuer
{
    private readonly ServerSettings _settings;
    private readonly IdTokenValidator _identities;
    private readonly MappingStore _mappings;
    private readonly EngineStateStore _states;
    private readonly DocumentArchive _documents;
    private readonly Installation _installation;
    private readonly TokenMint _mint;
    private readonly TimeProvider _time;

    public CstIssuer(
        ServerSettings settings,
        IdTokenValidator identities,
        MappingStore mappings,
        EngineStateStore states,
        DocumentArchive documents,
        Installation installation,
        TokenMint mint,
        TimeProvider time)
    {
        _settings = settings;
        _identities = identities;
        _mappings = mappings;
        _states = states;
        _documents = documents;
        _installation = installation;
        _mint = mint;
        _time = time;
    }

    /// <summary>Issues a token, or says why not. The record is on disk before the token is returned.</summary>
    /// <exception cref="LedgerException">The record could not be made durable; no token was issued.</exception>
    public async Task<IssuanceOutcome> IssueAsync(IssuanceRequest request, CancellationToken cancellation)
    {
        TokenHolder? holder = null;
        if ((IssuanceRequestRules.Check(request, _settings.Issuance)
            ?? PinRule.Check(request, _states.Current.Policies)
            ?? HolderRules.Settle(request, _settings.Issuance.Holder, parent: null, out holder)) is { } broken)
        {
            return IssuanceOutcome.Of(broken);
        }

        var result = request.Assertion is { } expected
            ? await _identities.ValidateAssertionAsync(request.Credential, expected, cancellation)
            : await _identities.ValidateAsync(request.Credential, cancellation);
        var assertion = result as VerifiedAssertion;
        return (assertion?.Identity ?? result as VerifiedIdentity) is { } identity
            ? await IssueAsync(request, identity, assertion, holder)
            : IssuanceOutcome.Of(IdentityReasons.Write(result));
    }

    private static GrantResult Narrow(Grant whole, VerifiedAssertion? assertion, ScopeRequest asked)
    {
        if (assertion?.Scope is not { } scope)
        {
            return whole.Narrow(asked);
        }

        // Two bounds: what the provider let through, and of that what is asked for.
        var bounded = whole.Narrow(AssertionRules.ScopeOf(scope));
        return bounded.Grant is { } most ? most.Narrow(asked) : bounded;
    }

    private async Task<IssuanceOutcome> IssueAsync(IssuanceRequest request, VerifiedIdentity identity, VerifiedAssertion? assertion, TokenHolder? holder)
    {
        if (assertion is not null && AssertionRules.Check(assertion, request) is { } broken)
        {
            return IssuanceOutcome.Of(broken);
        }

        var mappings = _mappings.Current;
        var granted = mappings.Resolve(identity.Groups, request.Group.Length > 0 ? request.Group : null, request.AgentDid, request.Audiences);
        if (granted.Grant is not { } whole)
        {
            return IssuanceOutcome.Of(GrantReasons.Write(granted));
        }

        var narrowed = Narrow(whole, assertion, request.Narrowing);
        if (narrowed.Grant is not { } grant)
        {
            return IssuanceOutcome.Of(GrantReasons.Write(narrowed));
        }

        if (request.PolicyHash.Length > 0 && grant.Pin is { } pin && !string.Equals(pin.PolicyHash, request.PolicyHash, StringComparison.Ordinal))
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.PolicyPinConflict, "the mapping pins another policy", "policy_hash_b64u"));
        }

        await _documents.KeepAsync(mappings);
        var now = _time.GetUtcNow();
        var draft = new TokenDraft
        {
            Claims = ClaimsBuilder.Build(request, identity, grant, _settings.Issuance, _installation, now),
            Holder = holder,
            Grant = grant,
            MappingHash = mappings.MappingHash,
            Origin = IssuanceRecordBuilder.IdentityOf(identity, assertion, grant, _installation),
            IssuanceId = assertion is null ? null : AssertionRules.IssuanceIdOf(assertion),
            PolicyLabel = grant.Pin?.PolicyVersion ?? "",
            Trace = request.Trace,
        };
        return await _mint.IssueAsync(draft, now);
    }
}
