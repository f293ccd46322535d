using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys encrypt|decrypt|rekey</c>: changes how the key files of an installation are kept.</summary>
internal static class KeyConversionCommand
{
    /// <summary>Makes the command that encrypts.</summary>
    public static Command Encrypt() => Create(
        "encrypt",
        "Encrypt every key file that is plain with a passphrase",
        "encrypted",
        static (conversion, vault) => conversion.Encrypt(vault));

    /// <summary>Makes the command that decrypts.</summary>
    public static Command Decrypt() => Create(
        "decrypt",
        "Write every key file that is encrypted as a plain one",
        "decrypted",
        static (conversion, vault) => conversion.Decrypt(vault));

    /// <summary>Makes the command that changes the passphrase.</summary>
    public static Command Rekey()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var passphrase = KeyOptions.Passphrase();
        var next = new Option<string>("--new-passphrase-file") { Description = "the file with the passphrase from now on", HelpName = "FILE", Required = true };
        var command = new Command("rekey", "Encrypt every key file with another passphrase") { passphrase, next, data, json };
        command.SetAction(parsed =>
        {
            using var before = KeyOptions.RequireVault(parsed.GetValue(passphrase));
            using var after = KeyOptions.RequireVault(parsed.GetValue(next));
            return Print("encrypted anew", ConversionOf(parsed.GetValue(data)).Rekey(before, after), parsed.GetValue(json));
        });
        return command;
    }

    private static Command Create(string name, string description, string done, Func<KeyConversion, KeyVault, int> convert)
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var passphrase = KeyOptions.Passphrase();
        var command = new Command(name, description) { passphrase, data, json };
        command.SetAction(parsed =>
        {
            using var vault = KeyOptions.RequireVault(parsed.GetValue(passphrase));
            return Print(done, convert(ConversionOf(parsed.GetValue(data)), vault), parsed.GetValue(json));
        });
        return command;
    }

    private static KeyConversion ConversionOf(string? data) => new(Input.RequireFolder(Path.GetFullPath(data ?? ".")));

    private static int Print(string done, int count, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("files", count).Build());
        }
        else
        {
            Output.Line($"{done}: {count} key files");
        }

        return ExitCodes.Ok;
    }
}
