using System.Text;
using ClawPdp.Client;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.Hook;

/// <summary>Reads an event. What is not known, or not whole, is none: then nothing may be done.</summary>
internal static class HookReader
{
    /// <summary>The largest event that is read.</summary>
    public const int SizeMaxBytes = 8 * 1024 * 1024;

    private const string McpPrefix = "mcp__";
    private const string CursorMcpPrefix = "MCP:";

    // The tools of coding agents that fetch what a URL names.
    private static readonly HashSet<string> Fetchers = new(StringComparer.Ordinal) { "WebFetch", "web_fetch" };

    /// <summary>Reads an event.</summary>
    /// <param name="utf8">The text from the agent.</param>
    /// <param name="read">The event.</param>
    /// <param name="fault">What is wrong with it, by the name of the member.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HookEvent? read,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? fault)
    {
        read = null;
        if (!JsonReader.Parse(utf8, SizeMaxBytes).TryGet(out var root) || root.Kind != JsonKind.Object)
        {
            fault = "standard input: one strict JSON object is expected";
            return false;
        }

        var name = root.FindText("hook_event_name");
        read = name switch
        {
            "PreToolUse" => OfTool(root, HookDialect.ClaudeCode, name, result: null),
            "PostToolUse" => OfTool(root, HookDialect.ClaudeCode, name, root.Find("tool_response") ?? JsonValue.Null),
            "BeforeTool" => OfTool(root, HookDialect.Gemini, name, result: null),
            "AfterTool" => OfTool(root, HookDialect.Gemini, name, root.Find("tool_response") ?? JsonValue.Null),
            "preToolUse" or "beforeMCPExecution" => OfTool(root, HookDialect.Cursor, name, result: null),
            "beforeShellExecution" => OfMembers(root, name, "shell", "command", "cwd"),
            "beforeReadFile" => OfMembers(root, name, "read_file", "file_path"),
            null when root.FindText("toolName") is { } tool => OfCopilot(root, tool),
            _ => null,
        };
        fault = read is null ? "hook_event_name: no event of a coding agent that is known here, or one without its tool or arguments" : null;
        return read is not null;
    }

    private static HookEvent? OfTool(JsonValue root, HookDialect dialect, string name, JsonValue? result) =>
        root.FindText("tool_name") is { Length: > 0 } tool && ArgumentsOf(root.Find("tool_input")) is { } arguments
            ? new HookEvent
            {
                Dialect = dialect,
                Name = name,
                Tool = ToolOf(tool),
                Host = HostOf(tool, arguments),
                Arguments = arguments,
                Result = result,
                Session = SessionOf(root),
                CallId = root.FindText("tool_use_id") ?? "",
            }
            : null;

    private static HookEvent? OfMembers(JsonValue root, string name, string tool, params ReadOnlySpan<string> members)
    {
        var arguments = new JsonObjectBuilder();
        foreach (var member in members)
        {
            arguments.AddIfPresent(member, root.Find(member));
        }

        return root.FindText(members[0]) is null
            ? null
            : new HookEvent { Dialect = HookDialect.Cursor, Name = name, Tool = tool, Arguments = arguments.Build(), Session = SessionOf(root) };
    }

    private static HookEvent? OfCopilot(JsonValue root, string tool) =>
        ArgumentsOf(root.Find("toolArgs")) is { } arguments && tool.Length > 0
            ? new HookEvent
            {
                Dialect = HookDialect.Copilot,
                Name = "preToolUse",
                Tool = ToolOf(tool),
                Host = HostOf(tool, arguments),
                Arguments = arguments,
                Session = root.FindText("sessionId") ?? "",
            }
            : null;

    // Some agents give the arguments as the text of a JSON object.
    private static JsonValue? ArgumentsOf(JsonValue? given) => given switch
    {
        { Kind: JsonKind.Object } => given,
        { Kind: JsonKind.String } when JsonReader.Parse(Encoding.UTF8.GetBytes(given.Text), SizeMaxBytes).TryGet(out var parsed) && parsed.Kind == JsonKind.Object => parsed,
        _ => null,
    };

    private static string SessionOf(JsonValue root) => root.FindText("session_id") ?? root.FindText("conversation_id") ?? "";

    // A tool of an MCP server has the server's name before its own in a policy, whatever the agent puts between them.
    private static string ToolOf(string name)
    {
        if (name.StartsWith(McpPrefix, StringComparison.Ordinal) && name.IndexOf("__", McpPrefix.Length, StringComparison.Ordinal) is var end and > 0)
        {
            return $"{name[McpPrefix.Length..end]}/{name[(end + 2)..]}";
        }

        return name.StartsWith(CursorMcpPrefix, StringComparison.Ordinal) ? name[CursorMcpPrefix.Length..].Replace(':', '/') : name;
    }

    // A fetch whose host cannot be told from a URL of its own, such as one from a prompt, has one that no grammar takes: it is denied.
    private static string HostOf(string tool, JsonValue arguments)
    {
        if (!Fetchers.Contains(tool))
        {
            return "";
        }

        return Uri.TryCreate(arguments.FindText("url"), UriKind.Absolute, out var url) && url.Host.Length > 0 ? AgentAction.HostOf(url) : "?";
    }
}
