using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.Hook;

/// <summary>What a coding agent is about to do, or has done.</summary>
internal sealed record HookEvent
{
    /// <summary>Gets whose words it is in.</summary>
    public required HookDialect Dialect { get; init; }

    /// <summary>Gets the event's name, as the agent has it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the tool, as a policy names it.</summary>
    public required string Tool { get; init; }

    /// <summary>Gets the host that the tool is to reach; empty where it is not said.</summary>
    public string Host { get; init; } = "";

    /// <summary>Gets the tool's arguments.</summary>
    public required JsonValue Arguments { get; init; }

    /// <summary>Gets what came of it; <see langword="null"/> before it is done.</summary>
    public JsonValue? Result { get; init; }

    /// <summary>Gets the agent's session, which is the run; empty where it is not said.</summary>
    public string Session { get; init; } = "";

    /// <summary>Gets the agent's id of the call; empty where it is not said.</summary>
    public string CallId { get; init; } = "";
}
