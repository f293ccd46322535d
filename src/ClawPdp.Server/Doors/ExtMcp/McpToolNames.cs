using ClawPdp.Core.Grammar;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>The names of tools behind a gateway: <c>SERVICE/NAME</c>.</summary>
internal static class McpToolNames
{
    /// <summary>The most services that one list may come from: each of its names is compared with each of them.</summary>
    public const int ServiceCountMax = 64;

    // What agentgateway puts between service and tool where it shows the tools of several services as one list.
    private const char Join = '_';

    /// <summary>Gives the name of a tool of one service.</summary>
    public static string Of(string service, string name) => service + "/" + name;

    /// <summary>Tells whether a service can be part of a name: a slash would make it look like another one's tool.</summary>
    public static bool IsService(string service) => ToolName.TryParse(service, out _) && !service.Contains('/', StringComparison.Ordinal);

    /// <summary>
    /// Gives what a listed name can mean. One service lists its own names; of several, each name starts with its service, and where that can be
    /// read in two ways, both are given, and both must be allowed.
    /// </summary>
    /// <param name="services">The services that the list comes from.</param>
    /// <param name="listed">The name as it is listed.</param>
    /// <returns>The names to ask for; none for one that has no meaning.</returns>
    public static IReadOnlyList<string> Meanings(IReadOnlyList<string> services, string listed)
    {
        string[] meanings = services is [var only]
            ? [Of(only, listed)]
            : [.. services.Where(service => IsOf(service, listed)).Select(service => Of(service, listed[(service.Length + 1)..]))];
        return meanings.All(static name => ToolName.TryParse(name, out _)) ? meanings : [];
    }

    private static bool IsOf(string service, string listed) =>
        listed.Length > service.Length && listed[service.Length] == Join && listed.StartsWith(service, StringComparison.Ordinal);
}
