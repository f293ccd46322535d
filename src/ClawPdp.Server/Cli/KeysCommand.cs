using System.CommandLine;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Files;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys …</c>: works on the key files; a running sidecar takes changes up by itself.</summary>
internal static class KeysCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("keys", "Work with the keys of an installation")
    {
        List(),
        Generate(),
        KeyRotateCommand.Create(),
        KeyAdoptCommand.Create(),
        KeyConversionCommand.Encrypt(),
        KeyConversionCommand.Decrypt(),
        KeyConversionCommand.Rekey(),
        KeyDoubtCommand.Create(),
        AgentKeysCommand.Create(),
    };

    /// <summary>Prints keys with what each still does.</summary>
    /// <param name="load">Reads all keys, after the change that is told of.</param>
    /// <param name="keys">The keys to print; <see langword="null"/> for all.</param>
    /// <param name="isJson">Whether as JSON.</param>
    public static int Print(Func<KeyRing> load, IEnumerable<StoredKey>? keys, bool isJson)
    {
        var ring = load();
        foreach (var key in keys ?? ring.Keys)
        {
            var purpose = KeyPurposeText.NameOf(key.Purpose);
            var state = StateOf(ring, key);
            if (isJson)
            {
                Output.Json(new JsonObjectBuilder()
                    .Add("purpose", purpose)
                    .Add("kid", key.PublicKey.KeyId)
                    .Add("did", key.PublicKey.Did)
                    .Add("state", state)
                    .Add("encrypted", JsonValue.Of(key.SealedSeed is not null))
                    .Add("created_at", Rfc3339.Format(key.CreatedAt))
                    .AddIfPresent("signs_from", key.SignsFrom is { } start ? Rfc3339.Format(start) : null)
                    .AddIfPresent("not_after", key.NotAfter is { } end ? Rfc3339.Format(end) : null)
                    .Build());
            }
            else
            {
                Output.Line($"{purpose,-8} {key.PublicKey.KeyId} {state,-8} {key.PublicKey.Did}");
            }
        }

        return ExitCodes.Ok;
    }

    private static Command List()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the keys, with what each still does") { data, json };
        command.SetAction(parsed => Print(new KeyStore(Directory(parsed.GetValue(data)), TimeProvider.System).LoadPublic, keys: null, parsed.GetValue(json)));
        return command;
    }

    private static Command Generate()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var passphrase = KeyOptions.Passphrase();
        var command = new Command("generate", "Make the active key of each purpose that has none") { passphrase, data, json };
        command.SetAction(parsed =>
        {
            var directory = Directory(parsed.GetValue(data));
            OwnerOnlyDirectory.Ensure(directory);
            using var vault = KeyOptions.VaultOf(parsed.GetValue(passphrase));
            var store = new KeyStore(directory, TimeProvider.System, vault);
            store.LoadOrGenerate().Wipe();
            return Print(store.LoadPublic, keys: null, parsed.GetValue(json));
        });
        return command;
    }

    private static string Directory(string? option) => Path.GetFullPath(option ?? ".");

    private static string StateOf(KeyRing ring, StoredKey key)
    {
        if (string.Equals(ring.ActiveOf(key.Purpose)?.PublicKey.KeyId, key.PublicKey.KeyId, StringComparison.Ordinal))
        {
            return "active";
        }

        return key.NotAfter < ring.Now ? "expired" : key.CanSign && key.SignsAt > ring.Now ? "next" : "verifies";
    }
}
