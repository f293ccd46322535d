using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests;

/// <summary>The sidecar with approvals and the durable decision log.</summary>
public sealed class DurableApprovalSidecar : ApprovalSidecar
{
    private protected override ServerSettings Adjust(ServerSettings settings) => base.Adjust(settings) with { DecisionLog = DecisionLogMode.Durable };
}
