using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Documents;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>
/// Turns a CST into one for a sub-agent: inside the parent in every dimension, inside what the user's groups may give that agent now,
/// with a signed delegation receipt, in one durable record.
/// </summary>
internal sealed class CstDelegator
{
    private readonly ServerSettings _settings;
    private readonly DecisionEngine _engine;
    private readonly EngineStateStore _states;
    private readonly LedgerLineages _lineages;
    private readonly DiskWork _disk;
    private readonly MappingStore _mappings;
    private readonly DocumentArchive _documents;
    private readonly TokenMint _mint;
    private readonly TimeProvider _time;

    public CstDelegator(
        ServerSettings settings,
        DecisionEngine engine,
        EngineStateStore states,
        LedgerLineages lineages,
        DiskWork disk,
        MappingStore mappings,
        DocumentArchive documents,
        TokenMint mint,
        TimeProvider time)
    {
        _settings = settings;
        _engine = engine;
        _states = states;
        _lineages = lineages;
        _disk = disk;
        _mappings = mappings;
        _documents = documents;
        _mint = mint;
        _time = time;
    }

    /// <summary>Issues a child, or says why not. The record is on disk before the token is returned.</summary>
    /// <exception cref="LedgerException">The record could not be made durable, or the parent's cannot be read; no token was issued.</exception>
    public async Task<IssuanceOutcome> IssueAsync(IssuanceRequest request, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var examined = _engine.Examine(PresentedToken.FromString(request.Credential).ShownWith(request.Evidence), now);
        if (DelegationRules.CheckParent(examined, _settings.Issuance) is { } unfit)
        {
            return IssuanceOutcome.Of(unfit);
        }

        // INVARIANT: a parent without a fault has a token.
        if (examined.Token is not { } parent || await _disk.RunAsync(() => _lineages.FindIssuances(parent.TokenHash), cancellation) is not { } issuances)
        {
            return IssuanceOutcome.Of(new IssuanceRefusal(ReasonCode.TokenDelegationBindingInvalid, "the parent was not issued here", "parent_cst"));
        }

        TokenHolder? holder = null;
        if ((IssuanceRequestRules.Check(request, _settings.Issuance)
            ?? DelegationRules.Check(request, parent.Claims)
            ?? PinRule.Check(request, _states.Current.Policies)
            ?? HolderRules.Settle(request, _settings.Issuance.Holder, parent.Holder, out holder)) is { } broken)
        {
            return IssuanceOutcome.Of(broken);
        }

        var mappings = _mappings.Current;
        var granted = Narrow(request, parent, issuances[^1], mappings, out var refusal);
        if (granted is not { } grant)
        {
            return IssuanceOutcome.Of(refusal);
        }

        await _documents.KeepAsync(mappings);
        return await _mint.IssueAsync(DraftOf(request, parent, issuances, grant, mappings.MappingHash, holder, now), now);
    }

    private Grant? Narrow(IssuanceRequest request, VerifiedToken parent, IssuanceRecord root, ScopeMappings mappings, out IssuanceRefusal refusal)
    {
        refusal = new IssuanceRefusal(ReasonCode.InternalError, "the grant could not be made");
        ImmutableArray<string> groups = [.. (LedgerLineages.PayloadOf(root).Find("identity")?.Find("groups")?.Items ?? []).Select(static group => group.Text)];
        var handed = Grant.OfToken(groups, parent.Claims.Scope, _settings.Issuance.LifetimeMaxSeconds);
        var narrowed = handed.Grant?.Narrow(request.Narrowing) ?? handed;
        if (narrowed.Grant is not { } child)
        {
            refusal = narrowed.Failure == GrantFailure.ScopeNotAllowed
                ? new IssuanceRefusal(ReasonCode.DelegationScopeExceeded, "the item lies outside the parent", "narrowing", narrowed.OffendingItem)
                : GrantReasons.Write(narrowed);
            return null;
        }

        // Control routes want the canonical lane, which every child is of: what its parent could not open it must not open either.
        if (parent.Claims.TokenLane is not "canonical" && child.Scope.PlainScopes.FirstOrDefault(static scope => scope.StartsWith("control:", StringComparison.Ordinal)) is { } control)
        {
            refusal = new IssuanceRefusal(ReasonCode.DelegationScopeExceeded, "a token that is not of the canonical lane hands on no control scope", "narrowing", control);
            return null;
        }

        // The parent was fit for its agent then; whether its user may still give this one, and to this agent, the mapping says now.
        var resolved = mappings.Resolve(groups, null, request.AgentDid, request.Audiences);
        var allowed = resolved.Grant?.Narrow(child.Whole()) ?? resolved;
        if (allowed.Grant is not { } grant)
        {
            refusal = GrantReasons.Write(allowed);
            return null;
        }

        return Pin(request, parent.Claims, grant, out refusal);
    }

    private static Grant? Pin(IssuanceRequest request, CstClaims parent, Grant grant, out IssuanceRefusal refusal)
    {
        refusal = new IssuanceRefusal(ReasonCode.PolicyPinConflict, "the parent, the mapping and the request do not name one policy", "policy_hash_b64u");
        ImmutableArray<string> pins =
        [
            .. ((ReadOnlySpan<string?>)[parent.PolicyHash, grant.Pin?.PolicyHash, request.PolicyHash]).ToArray().OfType<string>().Where(static pin => pin.Length > 0).Distinct(StringComparer.Ordinal),
        ];
        return pins.Length switch
        {
            0 => grant,
            1 when grant.Pin is not null => grant,
            1 => grant.PinnedTo(new PolicyPin(pins[0], null)),
            _ => null,
        };
    }

    private TokenDraft DraftOf(IssuanceRequest request, VerifiedToken parent, ImmutableArray<IssuanceRecord> issuances, Grant grant, string mappingHash, TokenHolder? holder, DateTimeOffset now)
    {
        var claims = ClaimsBuilder.BuildChild(request, parent, grant, _settings.Issuance, now);
        return new TokenDraft
        {
            Claims = claims,
            Holder = holder,
            Grant = grant,
            MappingHash = mappingHash,
            Origin = IssuanceRecordBuilder.ParentOf(issuances[0], issuances[^1], grant, issuances.Length),
            PolicyLabel = grant.Pin?.PolicyVersion ?? "",
            Trace = request.Trace,
            Ancestors = parent.Lineage,
            Delegation = recordHash => ReceiptOf(request, claims, parent, recordHash, now),
        };
    }

    // delegation_receipt.v1. There is no bundle of the delegate yet: the signed record of what it was given stands in its place.
    private static JsonValue ReceiptOf(IssuanceRequest request, CstClaims child, VerifiedToken parent, string recordHash, DateTimeOffset now) => new JsonObjectBuilder()
        .Add("binding", new JsonObjectBuilder()
            .Add("nonce", child.DelegationId ?? "")
            .Add("parent_token_hash", parent.TokenHash)
            .Add("parent_token_scope_hash_b64u", parent.Claims.TokenScopeHash ?? "")
            .AddIfPresent("policy_hash", child.PolicyHash)
            .Add("token_scope_hash_b64u", child.TokenScopeHash ?? "")
            .Build())
        .Add("delegate_bundle_hash_b64u", recordHash)
        .Add("delegate_did", child.Subject)
        .Add("delegated_at", Rfc3339.Format(now))
        .AddIfPresent("delegation_policy", child.PolicyHash)
        .Add("delegator_did", parent.Claims.Subject)
        .Add("hash_algorithm", "SHA-256")
        .Add("receipt_id", "dlr_" + Guid.CreateVersion7(now).ToString("N"))
        .Add("receipt_version", "1")
        .Add("task_description_hash_b64u", request.TaskDescriptionHash.Length > 0 ? request.TaskDescriptionHash : child.TokenScopeHash ?? "")
        .Build();
}
