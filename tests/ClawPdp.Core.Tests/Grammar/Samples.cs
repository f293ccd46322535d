using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

internal static class Samples
{
    public static GrantedScope Scope(params IEnumerable<string> items) => GrantedScope.Compile(items, allowWildcards: true).Value;

    public static HostName Host(string text) => HostName.TryParse(text, out var host) ? host.Value : throw new ArgumentException(text, nameof(text));

    public static HostPattern Pattern(string text) => HostPattern.Parse(text, allowWildcards: true).Value;

    public static ToolName Tool(string text) => ToolName.TryParse(text, out var tool) ? tool.Value : throw new ArgumentException(text, nameof(text));

    public static ModelName Model(string text) => ModelName.TryParse(text, out var model) ? model.Value : throw new ArgumentException(text, nameof(text));
}
