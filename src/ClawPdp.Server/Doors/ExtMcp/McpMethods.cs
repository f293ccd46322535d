namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>
/// The methods of MCP that the door knows; every other one is denied, <c>completion/complete</c> too, for which the gateway asks only when it is done.
/// </summary>
internal static class McpMethods
{
    /// <summary>Calls a tool: what is asked about.</summary>
    public const string Call = "tools/call";

    /// <summary>Lists tools: what is filtered.</summary>
    public const string List = "tools/list";

    /// <summary>Tells whether a method does nothing but open, keep or describe a session, so that it needs no decision.</summary>
    public static bool IsOpen(string method) =>
        method is "initialize" or "ping" or List or "prompts/list" or "resources/list" or "resources/templates/list"
        || method.StartsWith("notifications/", StringComparison.Ordinal);

    /// <summary>Tells whether a method is asked about by its own name, as if it were a tool: reading a resource is an act, too.</summary>
    public static bool IsAsked(string method) =>
        method is "resources/read" or "resources/subscribe" or "resources/unsubscribe" or "prompts/get" or "logging/setLevel";
}
