using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Audit;

/// <summary>What became of an export: files, payloads for the agent to sign, or the reason for neither.</summary>
internal sealed record ExportOutcome
{
    /// <summary>Gets the files with their names, the evidence first.</summary>
    public ImmutableArray<(string Name, byte[] Content)> Files { get; init; } = [];

    /// <summary>Gets the payloads that only the agent can sign, in the order of the segments.</summary>
    public ImmutableArray<JsonValue> Unsigned { get; init; } = [];

    public string AgentDid { get; init; } = "";

    public (ReasonCode Reason, string Message, string Field) Refusal { get; init; }

    public static ExportOutcome Refuse(ReasonCode reason, string message, string field) => new() { Refusal = (reason, message, field) };
}
