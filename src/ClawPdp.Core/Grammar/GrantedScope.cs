using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
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
    private readonly FrozenSet<string> _exactTools;
    private readonly FrozenSet<string> _toolPrefixes;
    private readonly FrozenSet<string> _exactModels;
    private readonly ImmutableArray<ModelPattern> _modelGlobs;
    private readonly HostGrants _hosts;
    private readonly bool _allowsAnyTool;

    private GrantedScope(ImmutableArray<ToolPattern> tools, ImmutableArray<ModelPattern> models, ImmutableArray<HostPattern> hosts, ImmutableArray<string> plain)
    {
        _tools = tools;
        _models = models;
        _hosts = new HostGrants(hosts);
        Tools = Texts(tools.Select(static tool => tool.Text));
        Models = Texts(models.Select(static model => model.Text));
        Egress = Texts(hosts.Select(static host => host.Text));
        PlainScopes = plain;
        _allowsAnyTool = tools.Any(static tool => tool.IsAny);
        _exactTools = Frozen(tools.Where(static tool => tool is { IsAny: false, IsBelow: false }).Select(static tool => tool.Text));
        _toolPrefixes = Frozen(tools.Where(static tool => tool.IsBelow).Select(static tool => tool.Prefix));
        _exactModels = Frozen(models.Where(static model => model.IsExact).Select(static model => model.Text));
        _modelGlobs = [.. models.Where(static model => !model.IsExact)];
    }

    /// <summary>Gets the tool patterns without their prefix, in ordinal order, each once.</summary>
    public ImmutableArray<string> Tools { get; }

    /// <summary>Gets the model patterns without their prefix, in ordinal order, each once.</summary>
    public ImmutableArray<string> Models { get; }

    /// <summary>Gets the host patterns in normal form without their prefix, in ordinal order, each once.</summary>
    public ImmutableArray<string> Egress { get; }

    /// <summary>Gets every other item, in ordinal order, each once. They grant no tool, model or host, <c>*</c> included.</summary>
    public ImmutableArray<string> PlainScopes { get; }

    /// <summary>
    /// Compiles the items of a claim, trimmed as the scope hash trims them. One that has our prefix but does not parse makes the
    /// whole invalid; a fault points to the item by its index.
    /// </summary>
    /// <param name="scope">The items, as they stand in the claim; how many and how long is for the caller to limit.</param>
    /// <param name="allowWildcards">Whether <c>*</c> alone is acceptable.</param>
    public static Result<GrantedScope> Compile(IEnumerable<string> scope, bool allowWildcards)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var tools = ImmutableArray.CreateBuilder<ToolPattern>();
        var models = ImmutableArray.CreateBuilder<ModelPattern>();
        var hosts = ImmutableArray.CreateBuilder<HostPattern>();
        var plain = new List<string>();
        foreach (var (index, text) in scope.Index())
        {
            var item = EcmaScriptText.Trim(text);
            if (item.StartsWith(ToolPrefix, StringComparison.Ordinal))
            {
                Add(ToolPattern.Parse(item[ToolPrefix.Length..], allowWildcards), index, tools, faults);
            }
            else if (item.StartsWith(ModelPrefix, StringComparison.Ordinal))
            {
                Add(ModelPattern.Parse(item[ModelPrefix.Length..], allowWildcards), index, models, faults);
            }
            else if (item.StartsWith(EgressPrefix, StringComparison.Ordinal))
            {
                Add(HostPattern.Parse(item[EgressPrefix.Length..], allowWildcards), index, hosts, faults);
            }
            else if (item.Length > 0)
            {
                plain.Add(item);
            }
        }

        return faults.Count == 0
            ? Result.Valid(new GrantedScope(tools.ToImmutable(), models.ToImmutable(), hosts.ToImmutable(), Texts(plain)))
            : Result.Invalid<GrantedScope>(faults.ToImmutable());
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
    public bool AllowsHost(HostName host) => _hosts.Allows(host);

    /// <summary>Tells whether everything that a pattern grants is granted.</summary>
    public bool Covers(ToolPattern inner) => _tools.Any(outer => outer.Covers(inner));

    /// <summary>Tells whether everything that a pattern grants is granted by one of the granted patterns; several together do not count.</summary>
    public bool Covers(ModelPattern inner) => _models.Any(outer => outer.Covers(inner));

    /// <summary>Tells whether everything that a pattern grants is granted; networks side by side count as the one they make up.</summary>
    public bool Covers(HostPattern inner) => _hosts.Cover(inner);

    private static FrozenSet<string> Frozen(IEnumerable<string> items) => items.ToFrozenSet(StringComparer.Ordinal);

    private static ImmutableArray<string> Texts(IEnumerable<string> items) => [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void Add<T>(Result<T> parsed, int index, ImmutableArray<T>.Builder patterns, ImmutableArray<Fault>.Builder faults)
        where T : class
    {
        if (parsed.TryGet(out var pattern))
        {
            patterns.Add(pattern);
            return;
        }

        var pointer = string.Create(CultureInfo.InvariantCulture, $"/{index}");
        faults.AddRange(parsed.Faults.Select(fault => fault with { Pointer = pointer }));
    }
}
