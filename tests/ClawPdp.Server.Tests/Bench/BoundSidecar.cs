using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Bench;

/// <summary>A sidecar that gives no token but to a holder, on loopback and on a Unix socket.</summary>
public sealed class BoundSidecar : RunningSidecar
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-bench-").FullName;

    internal string SocketPath => Path.Combine(_directory, "clawpdp.sock");

    private protected override ServerSettings Adjust(ServerSettings settings) => settings with
    {
        Listen = settings.Listen with { UnixSocketPath = SocketPath },
        Issuance = settings.Issuance with { Holder = HolderMode.Required },
    };
}
