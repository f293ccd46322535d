using System.CommandLine;

namespace ClawPdp.Server.Cli;

/// <summary>Lets <see cref="SidecarOptions"/> stand among the options of a command.</summary>
internal static class SidecarOptionsAdding
{
    /// <summary>Adds every one of them.</summary>
    public static void Add(this Command command, SidecarOptions options)
    {
        foreach (var option in options.All)
        {
            command.Add(option);
        }
    }
}
