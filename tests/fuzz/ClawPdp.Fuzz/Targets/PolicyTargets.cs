using System.Text;
using ClawPdp.Authoring.Sources;
using ClawPdp.Authoring.Yaml;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;

namespace ClawPdp.Fuzz.Targets;

/// <summary>What operators and policy authors write, and the names that questions hold.</summary>
internal static class PolicyTargets
{
    private const int SizeMax = 1 << 20;

    private static readonly HostName Metadata = Host("169.254.169.254");

    /// <summary>Gets the parsers, in an order that the seeds rely on.</summary>
    public static Action<byte[]>[] All { get; } = [Policy, YamlPolicy, Yaml, Mapping, Hosts, Names, Globs, Json];

    private static void Policy(byte[] input)
    {
        if (WpcLoader.Load(input).TryGet(out var policy))
        {
            Judge(policy);
        }
    }

    private static void YamlPolicy(byte[] input)
    {
        if (PolicySource.Read("policy.yaml", input).TryGet(out var policy))
        {
            Judge(policy);
        }
    }

    private static void Judge(WorkPolicyContract policy)
    {
        if (!PolicyChain.Resolve(policy, static _ => null).TryGet(out var chain))
        {
            return;
        }

        foreach (var question in new[] { new PolicyQuestion { Tool = Tool("github/x"), Model = Model("gpt-4o"), Host = Host("a.example.com") }, new PolicyQuestion { Host = Metadata } })
        {
            var traced = chain.Evaluate(question, new List<LinkTrace>());
            Must.Hold(chain.Evaluate(question) == traced, "a trace changes the answer");
            _ = chain.StatementIdsOf(traced);
        }
    }

    private static void Yaml(byte[] input)
    {
        if (YamlReader.Parse(input, SizeMax).TryGet(out var value))
        {
            _ = JsonWriter.WriteCanonical(value);
        }
    }

    private static void Mapping(byte[] input) => _ = ScopeMappingLoader.Load(input, new ScopeMappingOptions { AllowWildcards = true });

    private static void Hosts(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (HostName.TryParse(text, out var host))
        {
            Must.Hold(HostName.TryParse(host.Value.ToString(), out var again) && again == host, "a host's normal form is another host");
            Must.Hold(GuardedHosts.Contains(host.Value) == GuardedHosts.Contains(host.Value.Name), "guarded by one reading and not by the other");
        }

        if (HostPattern.Parse(text, allowWildcards: true).TryGet(out var pattern))
        {
            Must.Hold(HostPattern.Parse(pattern.Text, allowWildcards: true).TryGet(out var again) && again.Text == pattern.Text, "a pattern's normal form is another pattern");
            Must.Hold(pattern.Covers(pattern), "a pattern does not cover itself");
            Must.Hold(pattern.IsGuarded || !pattern.Matches(Metadata), "a pattern reaches a metadata host");
            Must.Hold(host is not { } itself || pattern.Matches(itself), "a host does not match itself");
        }
    }

    private static void Names(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var isTool = ToolName.TryParse(text, out var tool);
        var isModel = ModelName.TryParse(text, out var model);
        Must.Hold(!ToolPattern.Parse(text, allowWildcards: true).TryGet(out var toolPattern) || toolPattern.Covers(toolPattern), "a tool pattern does not cover itself");
        Must.Hold(!ModelPattern.Parse(text, allowWildcards: true).TryGet(out var modelPattern) || modelPattern.Covers(modelPattern), "a model pattern does not cover itself");
        var tools = GrantedScope.Compile(["tool:" + text], allowWildcards: true);
        var models = GrantedScope.Compile(["model:" + text], allowWildcards: true);
        Must.Hold(!isTool || (tools.IsValid && tools.Value.AllowsTool(tool ?? default)), "a tool that is granted is not allowed");
        Must.Hold(!isModel || (models.IsValid && models.Value.AllowsModel(model ?? default)), "a model that is granted is not allowed");

        _ = PolicyNumber.TryParse(text, out _);
    }

    private static void Globs(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var cut = text.IndexOf('\n', StringComparison.Ordinal);
        if (cut is < 0 or > 256 || text.Length > 2048)
        {
            return;
        }

        var glob = SegmentGlob.Parse(text[..cut]);
        Must.Hold(!glob.IsExact || glob.Matches(glob.Text), "an exact pattern does not match itself");
        _ = glob.Matches(text.AsSpan(cut + 1));
        _ = StarGlob.Matches(text.AsSpan(0, cut), text.AsSpan(cut + 1), ignoreCase: true);
    }

    private static void Json(byte[] input)
    {
        if (JsonReader.Parse(input, SizeMax).TryGet(out var value))
        {
            var canonical = JsonWriter.WriteCanonical(value);
            Must.Hold(JsonReader.Parse(canonical, SizeMax * 8).TryGet(out var again) && JsonWriter.WriteCanonical(again).AsSpan().SequenceEqual(canonical), "a canonical form is another value");
        }
    }

    private static HostName Host(string text) => HostName.TryParse(text, out var host) ? host.Value : throw new ArgumentException(text, nameof(text));

    private static ToolName Tool(string text) => ToolName.TryParse(text, out var tool) ? tool.Value : throw new ArgumentException(text, nameof(text));

    private static ModelName Model(string text) => ModelName.TryParse(text, out var model) ? model.Value : throw new ArgumentException(text, nameof(text));
}
