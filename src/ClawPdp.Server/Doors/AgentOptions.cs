using System.CommandLine;
using ClawPdp.Client;

namespace ClawPdp.Server.Doors;

/// <summary>The options of the commands that run beside an agent and ask for it.</summary>
internal static class AgentOptions
{
    /// <summary>The environment variable that names the file with the token, of the agent and not of the sidecar.</summary>
    public const string TokenFileVariable = "CLAWPDP_TOKEN_FILE";

    /// <summary>Makes the option for the file with the token.</summary>
    public static Option<string?> TokenFile() => new("--token-file")
    {
        Description = $"the file with the agent's CST, read anew for each question; default: what {TokenFileVariable} says",
        HelpName = "FILE",
    };

    /// <summary>Makes the option for the sidecar.</summary>
    public static Option<string?> Server() => new("--server")
    {
        Description = $"the sidecar: HOST:PORT or unix:/PATH; default: what {ClawPdpClientOptions.AddressVariable} says, then {ClawPdpClientOptions.AddressDefault}",
        HelpName = "ADDRESS",
    };

    /// <summary>Gives the path of the file with the token; empty where nothing names it.</summary>
    public static string TokenPathOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(TokenFileVariable) ?? "";

    /// <summary>Reads the token.</summary>
    public static async ValueTask<string> ReadTokenAsync(string path, CancellationToken cancellation) => (await File.ReadAllTextAsync(path, cancellation)).Trim();
}
