using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests;

/// <summary>The sidecar with the durable decision log.</summary>
public sealed class DurableSidecar : RunningSidecar
{
    private protected override ServerSettings Adjust(ServerSettings settings) => settings with { DecisionLog = DecisionLogMode.Durable };
}
