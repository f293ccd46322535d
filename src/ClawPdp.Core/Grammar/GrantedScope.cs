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
    private readonly NameSet _exactTools;
    private readonly NameSet _toolPrefixes;
    private readonly NameSet _exactModels;
    private readonly ImmutableArray<ModelPattern> _modelGlobs;
    private readonly HostGrants _hosts;
    private readonly bool _allowsAnyTool;

    private GrantedScope(ImmutableArray<ToolPattern> tools, ImmutableArray<ModelPattern> models, ImmutableArray<HostPattern> hosts, List<string> plain)
    {
        _tools = tools;
        _models = models;
        _hosts = new HostGrants(hosts);
        var texts = new List<string>(Math.Max(tools.Length, Math.Max(models.Length, hosts.Length)));
        Tools = Texts(tools, static tool => tool.Text, texts);
        Models = Texts(models, static model => model.Text, texts);
        Egress = Texts(hosts, static host => host.Text, texts);
        PlainScopes = SortedTexts.Of(plain);
        foreach (var tool in tools)
        {
            _allowsAnyTool |= tool.IsAny;
        }

        _exactTools = Names(tools, static tool => tool is { IsAny: false, IsBelow: false } ? tool.Text : null, texts);
        _toolPrefixes = Names(tools, static tool => tool.IsBelow ? tool.Prefix : null, texts);
        _exactModels = Names(models, static model => model.IsExact ? model.Text : null, texts);
        _modelGlobs = _exactModels.IsEmpty ? models : [.. models.Where(static model => !model.IsExact)];
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
        var index = -1;
        foreach (var text in scope)
        {
            index++;
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
            ? Result.Valid(new GrantedScope(tools.ToImmutable(), models.ToImmutable(), hosts.ToImmutable(), plain))
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

        if (_toolPrefixes.IsEmpty)
        {
            return false;
        }

        var text = tool.Text.AsSpan();
        for (var slash = text.LastIndexOf('/'); slash > 0; slash = text[..slash].LastIndexOf('/'))
        {
            if (_toolPrefixes.Contains(text[..(slash + 1)]))
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

    private static ImmutableArray<string> Texts<T>(ImmutableArray<T> patterns, Func<T, string> textOf, List<string> texts)
    {
        texts.Clear();
        foreach (var pattern in patterns)
        {
            texts.Add(textOf(pattern));
        }

        return SortedTexts.Of(texts);
    }

    private static NameSet Names<T>(ImmutableArray<T> patterns, Func<T, string?> nameOf, List<string> names)
    {
        names.Clear();
        foreach (var pattern in patterns)
        {
            if (nameOf(pattern) is { } name)
            {
                names.Add(name);
            }
        }

        return NameSet.Of(names);
    }

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
