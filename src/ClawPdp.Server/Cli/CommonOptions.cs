using System.CommandLine;

namespace ClawPdp.Server.Cli;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Makes the switch for JSON output.</summary>
    public static Option<bool> Json() => new("--json") { Description = "print JSON instead of text" };

    /// <summary>Makes the option for the signers to trust.</summary>
    public static Option<string[]> Trust() => new("--trust")
    {
        Description = "a did:key whose signature counts; may be repeated",
        HelpName = "DID",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Makes the option for the data directory.</summary>
    public static Option<string> Data() => new("--data")
    {
        Description = "the data directory of the installation",
        HelpName = "DIR",
        Required = true,
    };
}
