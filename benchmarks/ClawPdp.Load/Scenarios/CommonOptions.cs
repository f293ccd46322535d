using System.CommandLine;

namespace ClawPdp.Load.Scenarios;

/// <summary>Options that several scenarios have.</summary>
internal static class CommonOptions
{
    public static Option<string> Binary() => new("--binary")
    {
        Description = "the published sidecar",
        DefaultValueFactory = static _ => "artifacts/publish/ClawPdp.Server/release_linux-x64/clawpdp",
    };

    public static Option<string?> Folder() => new("--folder") { Description = "the installation's folder, kept with its ledger; a temporary one when left out" };

    public static Option<string?> Results() => new("--results") { Description = "a file that the results are appended to as JSON Lines" };

    public static Option<int> Rounds() => new("--rounds") { Description = "how often everything is measured, in turns", DefaultValueFactory = static _ => 3 };

    public static Option<double> Seconds() => new("--seconds") { Description = "how long each measurement takes", DefaultValueFactory = static _ => 5 };
}
