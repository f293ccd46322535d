using ClawPdp.Client;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.Hook;

/// <summary>
/// Says the answer in the words of the agent that asked. A denial speaks twice where it can, in JSON and by exit code 2, which these agents take
/// for a block. An allow says nothing: then the agent's own rules and questions to its user go on as without the hook.
/// </summary>
internal static class HookAnswer
{
    /// <summary>The exit code of a denial. Others than this and 0 let these agents go on, so there are no others.</summary>
    public const int Denied = 2;

    /// <summary>The exit code of an allow.</summary>
    public const int Allowed = 0;

    /// <summary>Gives the words of a denial, for the agent's model and its user.</summary>
    public static string WordsOf(AuthorizationDecision decision) =>
        VisibleText.Of($"denied by ClawPdp: {decision.Reason}: {decision.Message} (decision {(decision.DecisionId.Length > 0 ? decision.DecisionId : "none")})");

    /// <summary>Gives what a denial writes to standard output; empty for nothing.</summary>
    public static string Deny(HookDialect dialect, string eventName, string words) => dialect switch
    {
        HookDialect.ClaudeCode => Text(new JsonObjectBuilder().Add("hookSpecificOutput", new JsonObjectBuilder()
            .Add("hookEventName", eventName)
            .Add("permissionDecision", "deny")
            .Add("permissionDecisionReason", words)
            .Build())),
        HookDialect.Gemini => Text(new JsonObjectBuilder().Add("decision", "deny").Add("reason", words)),
        HookDialect.Cursor => Text(new JsonObjectBuilder().Add("permission", "deny").Add("user_message", words).Add("agent_message", words)),
        HookDialect.Copilot => Text(new JsonObjectBuilder().Add("permissionDecision", "deny").Add("permissionDecisionReason", words)),
        _ => "",
    };

    /// <summary>Gives what an allow writes to standard output. Cursor alone wants to hear one.</summary>
    public static string Allow(HookDialect dialect) => dialect == HookDialect.Cursor ? Text(new JsonObjectBuilder().Add("permission", "allow")) : "";

    /// <summary>Gives the exit code of a denial: Copilot reads the JSON of a hook that ends well.</summary>
    public static int CodeOf(HookDialect dialect) => dialect == HookDialect.Copilot ? Allowed : Denied;

    private static string Text(JsonObjectBuilder json) => JsonWriter.CanonicalText(json.Build());
}
