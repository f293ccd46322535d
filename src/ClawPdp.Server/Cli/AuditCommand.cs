using System.CommandLine;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp audit export|verify</c>.</summary>
internal static class AuditCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("audit", "Export the evidence of a run, and check it offline") { ExportCommand.Create() };
}
