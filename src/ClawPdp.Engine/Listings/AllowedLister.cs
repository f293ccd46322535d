using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Listings;

/// <summary>
/// Lists what a token may use. Each name is asked of the same checks that answer a question; of a pattern it is worked out what the
/// policies leave of it.
/// </summary>
internal sealed class AllowedLister
{
    private const int PolicyNameCountMax = 1024;

    private readonly VerifiedToken _token;
    private readonly PolicyChain? _chain;
    private readonly ListingQuestion _question;
    private readonly DateTimeOffset _now;

    public AllowedLister(VerifiedToken token, PolicyChain? chain, ListingQuestion question, DateTimeOffset now)
    {
        _token = token;
        _chain = chain;
        _question = question;
        _now = now;
    }

    private PolicyAction Action => _question.Kind switch
    {
        Dimension.Tool => PolicyAction.ToolExecute,
        Dimension.Model => PolicyAction.ModelInvoke,
        Dimension.Host => PolicyAction.NetworkEgress,
        _ => PolicyAction.Unspecified,
    };

    private ImmutableArray<string> Granted => _question.Kind switch
    {
        Dimension.Tool => _token.Scope.Tools,
        Dimension.Model => _token.Scope.Models,
        Dimension.Host => _token.Scope.Egress,
        _ => [],
    };

    /// <summary>Makes the list.</summary>
    public AllowedNames List()
    {
        IEnumerable<string> names = [.. Granted, .. PolicyNames(), .. _question.Candidates];
        ImmutableArray<string> allowed = [.. names.Distinct(StringComparer.Ordinal).Where(IsAllowed).Order(StringComparer.Ordinal)];
        ImmutableArray<string> patterns = [.. Granted.Where(IsPattern)];
        var facts = PolicyCheck.QuestionOf(_token, _question.About(""), new AskedDimensions(null, null, null, ProviderOf(_question)), _chain?.Policy.PolicyHash, _now);
        var limits = _chain is null ? [] : PolicyLimits.Of(_chain, Action, facts);
        return !patterns.IsEmpty && limits.All(static limit => limit.CanPass)
            ? new AllowedNames(allowed, patterns, limits)
            : new AllowedNames(allowed, [], []);
    }

    private static string? ProviderOf(ListingQuestion question) => string.IsNullOrEmpty(question.Provider) ? null : question.Provider;

    private bool IsAllowed(string name)
    {
        var question = _question.About(name);
        return ActionChecks.Read(question, out var asked) is null
            && ActionChecks.CheckScope(_token.Scope, asked) is null
            && (_chain is null || _chain.Evaluate(PolicyCheck.QuestionOf(_token, question, asked, _chain.Policy.PolicyHash, _now)).IsAllowed);
    }

    // A host that is granted without a port is granted with each: it is a name, and a pattern for those with one.
    private bool IsPattern(string granted) => _question.Kind switch
    {
        Dimension.Tool => !ToolName.TryParse(granted, out _),
        Dimension.Model => !ModelName.TryParse(granted, out _),
        Dimension.Host => !HostName.TryParse(granted, out var host) || host.Value.Port is null,
        _ => false,
    };

    // What the policies name lies inside a granted pattern or is not granted: these are told to spare the caller a guess, and may be cut.
    private IEnumerable<string> PolicyNames() => _chain is null
        ? []
        : _chain.Links.SelectMany(NamesOf).Distinct(StringComparer.Ordinal).Where(IsInScope).Take(PolicyNameCountMax);

    private bool IsInScope(string name) =>
        ActionChecks.Read(_question.About(name), out var asked) is null && ActionChecks.CheckScope(_token.Scope, asked) is null;

    private IEnumerable<string> NamesOf(WorkPolicyContract policy) => policy is WpcV1 simple
        ? Action switch
        {
            PolicyAction.ModelInvoke => simple.Models,
            PolicyAction.NetworkEgress => simple.Egress.Select(static pattern => pattern.Text),
            _ => [],
        }
        : policy.Statements
            .Where(statement => statement.Effect == Effect.Allow && statement.MatchedActions.Contains(Action))
            .SelectMany(NamesOf);

    private IEnumerable<string> NamesOf(PolicyStatement statement) =>
    [
        .. statement.Resources.Where(static resource => resource.IsExact).Select(static resource => resource.Text),
        .. statement.Conditions
            .Where(condition => condition.Operator == ConditionOperator.StringEquals && NameConditions.IsAboutName(condition, Action))
            .Select(static condition => condition.Expected),
    ];
}
