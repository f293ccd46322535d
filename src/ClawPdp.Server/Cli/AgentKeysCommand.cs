using System.CommandLine;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys agent create|import|list</c>: the keys of agents that the sidecar holds.</summary>
internal static class AgentKeysCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() =>
        new("agent", "Work with agents' own keys, which sign their proof bundles; a running sidecar sees changes at once") { Make(), Import(), List() };

    private static Command Make()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var passphrase = KeyOptions.Passphrase();
        var command = new Command("create", "Make a key for an agent that has none") { passphrase, data, json };
        command.SetAction(parsed =>
        {
            using var vault = KeyOptions.VaultOf(parsed.GetValue(passphrase));
            return Print([StoreOf(parsed.GetValue(data), vault).Generate()], parsed.GetValue(json));
        });
        return command;
    }

    private static Command Import()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var file = new Argument<string>("FILE") { Description = "the Ed25519 seed as 43 base64url characters, or - for standard input" };
        var passphrase = KeyOptions.Passphrase();
        var command = new Command("import", "Keep a key that an agent has already") { file, passphrase, data, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file) ?? "-";
            using var vault = KeyOptions.VaultOf(parsed.GetValue(passphrase));
            var text = System.Text.Encoding.UTF8.GetString(Input.Read(path)).Trim();
            return Base64UrlText.TryDecode(text, out var seed) && seed.Length == Ed25519SigningKey.SeedSizeBytes
                ? Print([StoreOf(parsed.GetValue(data), vault).Import(seed)], parsed.GetValue(json))
                : throw new InputException($"{path}: 43 canonical base64url characters are expected");
        });
        return command;
    }

    private static Command List()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the agents whose keys are held") { data, json };
        command.SetAction(parsed => Print(StoreOf(parsed.GetValue(data)).All(), parsed.GetValue(json)));
        return command;
    }

    private static AgentKeyStore StoreOf(string? data, KeyVault? vault = null) => new(Path.GetFullPath(data ?? "."), TimeProvider.System, vault);

    private static int Print(IEnumerable<StoredKey> keys, bool isJson)
    {
        foreach (var key in keys)
        {
            if (isJson)
            {
                Output.Json(new JsonObjectBuilder().Add("did", key.PublicKey.Did).Add("kid", key.PublicKey.KeyId).Add("created_at", Rfc3339.Format(key.CreatedAt)).Build());
            }
            else
            {
                Output.Line($"{key.PublicKey.KeyId} {key.PublicKey.Did}");
            }
        }

        return ExitCodes.Ok;
    }
}
