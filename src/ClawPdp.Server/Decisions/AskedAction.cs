using ClawPdp.Engine.Decisions;

namespace ClawPdp.Server.Decisions;

/// <summary>A question with what goes into its record beside it.</summary>
internal sealed record AskedAction
{
    public required Question Question { get; init; }

    public string EventHash { get; init; } = "";
}
