using System.Collections.Frozen;
using System.Collections.Immutable;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Core.Mappings;

/// <summary>The scope mapping: what each group of the identity provider is granted.</summary>
public sealed class ScopeMappings
{
    private readonly FrozenDictionary<string, ScopeMapping> _byGroup;
    private readonly FrozenDictionary<string, string> _labels;

    internal ScopeMappings(ImmutableArray<ScopeMapping> mappings, ReadOnlyMemory<byte> canonicalJson)
    {
        _byGroup = mappings.ToFrozenDictionary(static mapping => mapping.Group, StringComparer.Ordinal);
        _labels = mappings.Select(static mapping => mapping.Pin)
            .Where(static pin => pin?.PolicyVersion is not null)
            .GroupBy(static pin => pin?.PolicyHash ?? "", static pin => pin?.PolicyVersion ?? "", StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        Mappings = mappings;
        CanonicalJson = canonicalJson;
        MappingHash = Sha256.B64u(canonicalJson.Span);
    }

    /// <summary>Gets the mappings, in the order of the file.</summary>
    public ImmutableArray<ScopeMapping> Mappings { get; }

    /// <summary>Gets the JCS of the file.</summary>
    public ReadOnlyMemory<byte> CanonicalJson { get; }

    /// <summary>Gets the SHA-256 of the JCS of the file: base64url, 43 characters.</summary>
    public string MappingHash { get; }

    /// <summary>Gives the operator's label for a policy; <see langword="null"/> when the mapping has none.</summary>
    public string? LabelOf(string policyHash) => _labels.GetValueOrDefault(policyHash);

    /// <summary>
    /// Gives what a user may be given. A mapped group that may not ask for the agent or the audiences counts for nothing.
    /// Groups with different pins, one with and one without among them, are a conflict unless one group is named.
    /// </summary>
    /// <param name="groups">The user's groups, in any order.</param>
    /// <param name="actAsGroup">The one group to act under; <see langword="null"/> means all.</param>
    /// <param name="agentDid">The agent that the token is for.</param>
    /// <param name="audiences">The audiences that the token is for.</param>
    public GrantResult Resolve(IReadOnlyCollection<string> groups, string? actAsGroup, string agentDid, IReadOnlyCollection<string> audiences)
    {
        if (actAsGroup is not null && !groups.Contains(actAsGroup, StringComparer.Ordinal))
        {
            return GrantResult.Refuse(GrantFailure.GroupNotHeld, actAsGroup);
        }

        var candidates = actAsGroup is null ? groups : [actAsGroup];
        ImmutableArray<ScopeMapping> mapped =
        [
            .. candidates.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(group => _byGroup.GetValueOrDefault(group)).OfType<ScopeMapping>(),
        ];
        if (mapped.IsEmpty)
        {
            return GrantResult.Refuse(GrantFailure.GroupNotMapped, actAsGroup ?? "");
        }

        ImmutableArray<ScopeMapping> forAgent = [.. mapped.Where(mapping => IsListed(mapping.Agents, agentDid))];
        if (forAgent.IsEmpty)
        {
            return GrantResult.Refuse(GrantFailure.AgentNotAllowed, agentDid);
        }

        ImmutableArray<ScopeMapping> counting = [.. forAgent.Where(mapping => audiences.All(audience => IsListed(mapping.Audiences, audience)))];
        if (counting.IsEmpty)
        {
            return GrantResult.Refuse(GrantFailure.AudienceNotAllowed, audiences.FirstOrDefault(audience => !forAgent.Any(mapping => IsListed(mapping.Audiences, audience))) ?? "");
        }

        return Unite(counting);
    }

    private static bool IsListed(ImmutableArray<string> list, string item) => list.IsEmpty || list.Contains(item, StringComparer.Ordinal);

    private static GrantResult Unite(ImmutableArray<ScopeMapping> mappings)
    {
        var pin = mappings[0].Pin;
        if (mappings.Any(mapping => !string.Equals(mapping.Pin?.PolicyHash, pin?.PolicyHash, StringComparison.Ordinal)))
        {
            return GrantResult.Refuse(GrantFailure.PolicyPinConflict);
        }

        return Grant.Create(
            [.. mappings.Select(static mapping => mapping.Group)],
            mappings.SelectMany(static mapping => mapping.ScopeItems),
            mappings.Min(static mapping => mapping.LifetimeMaxSeconds),
            pin);
    }
}
