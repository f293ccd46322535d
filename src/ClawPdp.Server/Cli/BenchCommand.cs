using System.CommandLine;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp bench</c>: measures a running sidecar, or any gRPC server, through its socket.</summary>
internal static class BenchCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("bench", "Measure a running sidecar through its socket, and compare runs")
    {
        BenchRunCommand.Create(),
        BenchRawCommand.Create(),
        BenchCompareCommand.Create(),
    };
}
