using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Core.Mappings;

/// <summary>What a user may be given: the union over the groups that count.</summary>
public sealed class Grant
{
    private Grant(ImmutableArray<string> matchedGroups, ImmutableArray<string> items, GrantedScope scope, int lifetimeMaxSeconds, PolicyPin? pin)
    {
        MatchedGroups = matchedGroups;
        ScopeItems = items;
        Scope = scope;
        LifetimeMaxSeconds = lifetimeMaxSeconds;
        Pin = pin;
    }

    /// <summary>Gets the groups that the grant comes from, in ordinal order.</summary>
    public ImmutableArray<string> MatchedGroups { get; }

    /// <summary>Gets the items as they stand in a token's <c>scope</c>, in ordinal order.</summary>
    public ImmutableArray<string> ScopeItems { get; }

    /// <summary>Gets the items, compiled.</summary>
    public GrantedScope Scope { get; }

    /// <summary>Gets the smallest of the groups' lifetimes, in seconds.</summary>
    public int LifetimeMaxSeconds { get; }

    /// <summary>Gets the policy that tokens are bound to; <see langword="null"/> when none is pinned.</summary>
    public PolicyPin? Pin { get; }

    /// <summary>Gives what a token may hand on: its own scope, and nothing else.</summary>
    /// <param name="matchedGroups">The groups that the grant comes from.</param>
    /// <param name="scopeItems">The token's <c>scope</c>, which was compiled before.</param>
    /// <param name="lifetimeMaxSeconds">The longest lifetime.</param>
    public static GrantResult OfToken(ImmutableArray<string> matchedGroups, IEnumerable<string> scopeItems, int lifetimeMaxSeconds) =>
        Create(matchedGroups, scopeItems.Select(EcmaScriptText.Trim), lifetimeMaxSeconds, pin: null);

    /// <summary>Gives the grant cut down to a request; the first item outside refuses the whole.</summary>
    public GrantResult Narrow(ScopeRequest request)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        var failure =
            Keep(items, GrantedScope.ToolPrefix, Scope.Tools, request.Tools, text => Check(ToolPattern.Parse(text, true), Scope.Covers, static item => item.Text))
            ?? Keep(items, GrantedScope.ModelPrefix, Scope.Models, request.Models, text => Check(ModelPattern.Parse(text, true), Scope.Covers, static item => item.Text))
            ?? Keep(items, GrantedScope.EgressPrefix, Scope.Egress, request.Egress, text => Check(HostPattern.Parse(text, true), Scope.Covers, static item => item.Text))
            ?? Keep(items, "", Scope.PlainScopes, request.Scopes, text => Scope.PlainScopes.Contains(text, StringComparer.Ordinal) ? text : null);
        if (failure is not null)
        {
            return failure;
        }

        return items.Count == 0
            ? GrantResult.Refuse(GrantFailure.ScopeEmpty)
            : Create(MatchedGroups, items, LifetimeMaxSeconds, Pin);
    }

    /// <summary>Gives a request for the whole of what is granted.</summary>
    public ScopeRequest Whole() => new() { Tools = Scope.Tools, Models = Scope.Models, Egress = Scope.Egress, Scopes = Scope.PlainScopes };

    /// <summary>Gives the same grant, bound to a policy.</summary>
    public Grant PinnedTo(PolicyPin pin) => new(MatchedGroups, ScopeItems, Scope, LifetimeMaxSeconds, pin);

    internal static GrantResult Create(ImmutableArray<string> matchedGroups, IEnumerable<string> items, int lifetimeMaxSeconds, PolicyPin? pin)
    {
        ImmutableArray<string> sorted = [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (sorted.Length > CstLimits.ScopeItemCountMax)
        {
            return GrantResult.Refuse(GrantFailure.ScopeTooLarge);
        }

        // INVARIANT: every item was parsed before, when the mapping was loaded or the narrowing checked.
        return GrantedScope.Compile(sorted, allowWildcards: true).TryGet(out var scope)
            ? GrantResult.Of(new Grant(matchedGroups, sorted, scope, lifetimeMaxSeconds, pin))
            : GrantResult.Refuse(GrantFailure.ScopeNotAllowed);
    }

    private static string? Check<T>(Result<T> parsed, Func<T, bool> covers, Func<T, string> textOf)
        where T : class =>
        parsed.TryGet(out var pattern) && covers(pattern) ? textOf(pattern) : null;

    // Adds what is kept of one dimension. `check` gives an item in its normal form, or nothing when it is outside.
    private static GrantResult? Keep(
        ImmutableArray<string>.Builder items,
        string prefix,
        ImmutableArray<string> whole,
        ImmutableArray<string>? requested,
        Func<string, string?> check)
    {
        if (requested is not { } wanted)
        {
            items.AddRange(whole.Select(item => prefix + item));
            return null;
        }

        foreach (var text in wanted)
        {
            if (prefix.Length + text.Length > CstLimits.ScopeItemLengthMax)
            {
                return GrantResult.Refuse(GrantFailure.ScopeItemTooLong, text);
            }

            if (check(text) is not { } normal)
            {
                return GrantResult.Refuse(GrantFailure.ScopeNotAllowed, text);
            }

            items.Add(prefix + normal);
        }

        return null;
    }
}
