using System.CommandLine;
using ClawPdp.Client;
using ClawPdp.Files;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Doors;

/// <summary>The options of the commands that run beside an agent and ask for it.</summary>
internal static class AgentOptions
{
    /// <summary>The environment variable that names the file with the token, of the agent and not of the sidecar.</summary>
    public const string TokenFileVariable = "CLAWPDP_TOKEN_FILE";

    /// <summary>The environment variable that names the file with the key that the token is bound to.</summary>
    public const string HolderKeyVariable = "CLAWPDP_HOLDER_KEY_FILE";

    /// <summary>Makes the option for the file with the token.</summary>
    public static Option<string?> TokenFile() => new("--token-file")
    {
        Description = $"the file with the agent's CST, read anew for each question; default: what {TokenFileVariable} says",
        HelpName = "FILE",
    };

    /// <summary>Makes the option for the file with the key that the token is bound to.</summary>
    public static Option<string?> HolderKey() => new("--holder-key")
    {
        Description = $"the file with the private key that the token is bound to, JWK or PEM, mode 0600; default: what {HolderKeyVariable} says, and then none",
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

    /// <summary>Opens the key that the token is bound to; <see langword="null"/> where nothing names it.</summary>
    /// <exception cref="UnsafeFileException">Others than the owner may read or write it.</exception>
    /// <exception cref="InputException">It cannot be read, or is no key.</exception>
    public static HolderKey? OpenHolderKey(ParseResult parsed, Option<string?> option) =>
        HolderKeyFile.Open(parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(HolderKeyVariable));

    /// <summary>Reads the token.</summary>
    public static async ValueTask<string> ReadTokenAsync(string path, CancellationToken cancellation) => (await File.ReadAllTextAsync(path, cancellation)).Trim();
}
