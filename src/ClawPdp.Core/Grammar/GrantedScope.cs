using System.Collections.Frozen;
using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Grammar;

/// <summary>The <c>scope</c> claim, compiled for quick answers. Immutable; asking allocates nothing.</summary>
public sealed class GrantedScope
{
    /// <summary>What a tool item starts with.</summary>
    public const string ToolPrefix = "tool:";

    /// <summary>What a model item starts with.</summary>
    public const string ModelPrefix = "model:";

    /// <summary>What a host item starts with.</summary>
    public const string EgressPrefix = "egress:";

    private readonly ImmutableArray<ToolPattern> _tools;
    private readonly ImmutableArray<ModelPattern> _models;
    private readonly ImmutableArray<HostPattern> _hosts;
    private readonly FrozenSet<string> _exactTools;
    private readonly FrozenSet<string> _toolPrefixes;
    private readonly FrozenSet<string> _exactModels;
    private readonly ImmutableArray<ModelPattern> _modelGlobs;
    private readonly FrozenSet<string> _exactHosts;
    private readonly FrozenSet<string> _hostSuffixes;
    private readonly ImmutableArray<HostPattern> _otherHosts;
    private readonly bool _allowsAnyTool;

    private GrantedScope(ImmutableArray<ToolPattern> tools, ImmutableArray<ModelPattern> models, ImmutableArray<HostPattern> hosts, ImmutableArray<string> plain)
    {
        _tools = tools;
        _models = models;
        _hosts = hosts;
        PlainScopes = plain;
        _allowsAnyTool = tools.Any(static tool => tool.IsAny);
        _exactTools = Frozen(tools.Where(static tool => tool is { IsAny: false, IsBelow: false }).Select(static tool => tool.Text));
        _toolPrefixes = Frozen(tools.Where(static tool => tool.IsBelow).Select(static tool => tool.Prefix));
        _exactModels = Frozen(models.Where(static model => model.IsExact).Select(static model => model.Text));
        _modelGlobs = [.. models.Where(static model => !model.IsExact)];
        _exactHosts = Frozen(hosts.Where(static host => host is { Kind: HostPatternKind.Exact, Port: null }).Select(static host => host.Name));
        _hostSuffixes = Frozen(hosts.Where(static host => host is { Kind: HostPatternKind.Below, Port: null }).Select(static host => host.Name));
        _otherHosts = [.. hosts.Where(static host => host.Port is not null || host.Kind is HostPatternKind.Network or HostPatternKind.Any)];
    }

    /// <summary>Gets the tool patterns without their prefix, in ordinal order.</summary>
    public ImmutableArray<string> Tools => Texts(_tools.Select(static tool => tool.Text));

    /// <summary>Gets the model patterns without their prefix, in ordinal order.</summary>
    public ImmutableArray<string> Models => Texts(_models.Select(static model => model.Text));

    /// <summary>Gets the host patterns without their prefix, in ordinal order.</summary>
    public ImmutableArray<string> Egress => Texts(_hosts.Select(static host => host.Text));

    /// <summary>Gets every other item, in ordinal order.</summary>
    public ImmutableArray<string> PlainScopes { get; }

    /// <summary>Compiles the items of a claim; one that has our prefix but does not parse makes the whole invalid.</summary>
    /// <param name="scope">The items, as they stand in the claim.</param>
    /// <param name="allowWildcards">Whether <c>*</c> alone is acceptable.</param>
    public static Result<GrantedScope> Compile(IEnumerable<string> scope, bool allowWildcards)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var items = scope.Select(EcmaScriptText.Trim).Where(static item => item.Length > 0).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var tools = Parse(items, ToolPrefix, text => ToolPattern.Parse(text, allowWildcards), faults);
        var models = Parse(items, ModelPrefix, text => ModelPattern.Parse(text, allowWildcards), faults);
        var hosts = Parse(items, EgressPrefix, text => HostPattern.Parse(text, allowWildcards), faults);
        var plain = Texts(items.Where(static item => !IsOurs(item)));
        return faults.Count == 0
            ? Result.Valid(new GrantedScope(tools, models, hosts, plain))
            : Result.Invalid<GrantedScope>(faults.DrainToImmutable());
    }

    /// <summary>Tells whether an item has one of our prefixes and so is not a plain scope.</summary>
    public static bool IsOurs(string item) =>
        item.StartsWith(ToolPrefix, StringComparison.Ordinal)
        || item.StartsWith(ModelPrefix, StringComparison.Ordinal)
        || item.StartsWith(EgressPrefix, StringComparison.Ordinal);

    /// <summary>Tells whether a tool is granted.</summary>
    public bool AllowsTool(ToolName tool)
    {
        if (_allowsAnyTool || _exactTools.Contains(tool.Text))
        {
            return true;
        }

        if (_toolPrefixes.Count == 0)
        {
            return false;
        }

        var prefixes = _toolPrefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        var text = tool.Text.AsSpan();
        for (var slash = text.LastIndexOf('/'); slash > 0; slash = text[..slash].LastIndexOf('/'))
        {
            if (prefixes.Contains(text[..(slash + 1)]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether a model is granted.</summary>
    public bool AllowsModel(ModelName model)
    {
        if (_exactModels.Contains(model.Text))
        {
            return true;
        }

        foreach (var glob in _modelGlobs)
        {
            if (glob.Matches(model))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether a host is granted.</summary>
    public bool AllowsHost(HostName host)
    {
        if (!host.IsAddress && (_exactHosts.Contains(host.Name) || IsBelowGranted(host.Name)))
        {
            return true;
        }

        foreach (var other in _otherHosts)
        {
            if (other.Matches(host))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether one of the granted patterns grants all that a pattern would.</summary>
    public bool Covers(ToolPattern inner) => _tools.Any(outer => outer.Covers(inner));

    /// <summary>Tells whether one of the granted patterns grants all that a pattern would.</summary>
    public bool Covers(ModelPattern inner) => _models.Any(outer => outer.Covers(inner));

    /// <summary>Tells whether one of the granted patterns grants all that a pattern would; two networks side by side do not count as one.</summary>
    public bool Covers(HostPattern inner) => _hosts.Any(outer => outer.Covers(inner));

    private static FrozenSet<string> Frozen(IEnumerable<string> items) => items.ToFrozenSet(StringComparer.Ordinal);

    private static ImmutableArray<string> Texts(IEnumerable<string> items) => [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static ImmutableArray<T> Parse<T>(ImmutableArray<string> items, string prefix, Func<string, Result<T>> parse, ImmutableArray<Fault>.Builder faults)
        where T : class
    {
        var parsed = ImmutableArray.CreateBuilder<T>();
        foreach (var item in items.Where(item => item.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var result = parse(item[prefix.Length..]);
            if (result.TryGet(out var value))
            {
                parsed.Add(value);
            }
            else
            {
                faults.AddRange(result.Faults);
            }
        }

        return parsed.ToImmutable();
    }

    private bool IsBelowGranted(string name)
    {
        if (_hostSuffixes.Count == 0)
        {
            return false;
        }

        var suffixes = _hostSuffixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = name.IndexOf('.', dot + 1))
        {
            if (suffixes.Contains(name.AsSpan(dot)))
            {
                return true;
            }
        }

        return false;
    }
}
