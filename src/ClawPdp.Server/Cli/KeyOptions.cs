using System.CommandLine;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary>The options of commands that open or write private keys. A passphrase itself never stands on the command line, where others can read it.</summary>
internal static class KeyOptions
{
    /// <summary>Makes the option for the file with the passphrase.</summary>
    public static Option<string?> Passphrase() => new("--passphrase-file")
    {
        Description = $"the file with the passphrase of the key files; ${PassphraseFile.Variable} when absent",
        HelpName = "FILE",
    };

    /// <summary>Gives what opens the installation's keys; without a passphrase, plain ones alone.</summary>
    public static KeyVault VaultOf(string? option) => new(FileOf(option));

    /// <summary>Gives what opens keys, and must have a passphrase for it.</summary>
    /// <exception cref="InputException">None is named.</exception>
    public static KeyVault RequireVault(string? option) =>
        new(FileOf(option) ?? throw new InputException($"a passphrase is needed: --passphrase-file FILE, or ${PassphraseFile.Variable}"), allowsPlain: true);

    private static PassphraseFile? FileOf(string? option) =>
        (option ?? Environment.GetEnvironmentVariable(PassphraseFile.Variable)) is { Length: > 0 } path ? PassphraseFile.At(path) : null;
}
