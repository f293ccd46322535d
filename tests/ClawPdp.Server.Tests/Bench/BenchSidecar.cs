using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Bench;

/// <summary>A sidecar that listens on a Unix socket, too.</summary>
public sealed class BenchSidecar : RunningSidecar
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-bench-").FullName;

    internal string SocketPath => Path.Combine(_directory, "clawpdp.sock");

    private protected override ServerSettings Adjust(ServerSettings settings) => settings with { Listen = settings.Listen with { UnixSocketPath = SocketPath } };
}
