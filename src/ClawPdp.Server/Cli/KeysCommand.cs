using System.CommandLine;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys list|generate|rotate</c>: works on the key files; a running sidecar takes changes up by itself.</summary>
internal static class KeysCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("keys", "Work with the keys of an installation") { List(), Generate(), Rotate(), AgentKeysCommand.Create() };

    private static Command List()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the keys, the active one of each purpose first") { data, json };
        command.SetAction(parsed =>
        {
            var ring = new KeyStore(Directory(parsed.GetValue(data)), TimeProvider.System).Load();
            return Print(ring, ring.Keys, parsed.GetValue(json));
        });
        return command;
    }

    private static Command Generate()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var command = new Command("generate", "Make the active key of each purpose that has none") { data, json };
        command.SetAction(parsed =>
        {
            var directory = Directory(parsed.GetValue(data));
            OwnerOnlyDirectory.Ensure(directory);
            var ring = new KeyStore(directory, TimeProvider.System).LoadOrGenerate();
            return Print(ring, ring.Keys, parsed.GetValue(json));
        });
        return command;
    }

    private static Command Rotate()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var purpose = new Argument<string>("PURPOSE") { Description = "one of " + string.Join(", ", KeyPurposeText.Names) };
        var overlap = new Option<int?>("--overlap")
        {
            Description = $"how long older keys go on verifying, in seconds; {CstLimits.TtlMaxSeconds} for tokens and without end for the rest when absent",
            HelpName = "SECONDS",
        };
        var command = new Command("rotate", "Make a new active key; the older ones only verify from then on") { purpose, overlap, data, json };
        command.SetAction(parsed =>
        {
            var named = KeyPurposeText.Find(parsed.GetValue(purpose)) ?? throw new InputException("PURPOSE: one of " + string.Join(", ", KeyPurposeText.Names));
            if (parsed.GetValue(overlap) is < 0)
            {
                throw new InputException("--overlap: must not be negative");
            }

            var store = new KeyStore(Directory(parsed.GetValue(data)), TimeProvider.System);
            var fresh = store.Rotate(named, OverlapOf(named, parsed.GetValue(overlap)));
            return Print(store.Load(), [fresh], parsed.GetValue(json));
        });
        return command;
    }

    // Tokens outlive their key by at most their own lifetime; receipts and policies are looked at for years.
    private static TimeSpan? OverlapOf(KeyPurpose purpose, int? seconds)
    {
        if (seconds is { } given)
        {
            return TimeSpan.FromSeconds(given);
        }

        return purpose == KeyPurpose.Token ? TimeSpan.FromSeconds(CstLimits.TtlMaxSeconds) : null;
    }

    private static string Directory(string? option) => Path.GetFullPath(option ?? ".");

    private static int Print(KeyRing ring, IEnumerable<StoredKey> keys, bool isJson)
    {
        foreach (var key in keys)
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
                    .Add("created_at", Rfc3339.Format(key.CreatedAt))
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

    private static string StateOf(KeyRing ring, StoredKey key)
    {
        if (ReferenceEquals(ring.ActiveOf(key.Purpose), key) || string.Equals(ring.ActiveOf(key.Purpose)?.PublicKey.KeyId, key.PublicKey.KeyId, StringComparison.Ordinal))
        {
            return "active";
        }

        return key.NotAfter is { } end && TimeProvider.System.GetUtcNow() > end ? "expired" : "verifies";
    }
}
