using System.CommandLine;
using ClawPdp.Server.Demo;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp demo</c>: the main job from sign-in to verified receipt, with a throw-away identity provider, keys and store.</summary>
internal static class DemoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "end after the last step; exit code 0 only if every expectation held" };
        var json = CommonOptions.Json();
        var directory = new Option<string>("--dir")
        {
            Description = "an empty or new directory where the demo's files go and stay; a temporary one, removed at the end, when absent",
            HelpName = "DIR",
        };
        var command = new Command("demo", "Show the main job end to end, then stay up for clients to try") { once, json, directory };
        command.SetAction((parsed, cancellation) => DemoRun.RunAsync(parsed.GetValue(directory), parsed.GetValue(once), parsed.GetValue(json), cancellation));
        return command;
    }
}
