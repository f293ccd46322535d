using System.CommandLine;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys rotate PURPOSE</c>: makes the next key of a purpose; a running sidecar takes it up by itself.</summary>
internal static class KeyRotateCommand
{
    // Whoever verifies tokens elsewhere may go by a list of keys for so long (Cache-Control of /v1/jwks).
    private const int AheadOfTokensSeconds = 300;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var passphrase = KeyOptions.Passphrase();
        var purpose = new Argument<string>("PURPOSE") { Description = "one of " + string.Join(", ", KeyPurposeText.Names) };
        var overlap = Overlap();
        var ahead = Ahead();
        var command = new Command("rotate", "Make the next key of a purpose; those that it replaces only verify from then on") { purpose, ahead, overlap, passphrase, data, json };
        command.SetAction(parsed =>
        {
            var named = Purpose(parsed.GetValue(purpose));
            var (lead, window) = (AheadOf(named, parsed.GetValue(ahead)), Seconds("--overlap", parsed.GetValue(overlap)));
            using var vault = KeyOptions.VaultOf(parsed.GetValue(passphrase));
            var store = new KeyStore(Input.RequireFolder(Path.GetFullPath(parsed.GetValue(data) ?? ".")), TimeProvider.System, vault);
            return KeysCommand.Print(store.LoadPublic, [Rotate(store, named, lead, window)], parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>Makes the option for how long older keys go on verifying.</summary>
    public static Option<int?> Overlap() => new("--overlap")
    {
        Description = "how long the keys that it replaces go on verifying, in seconds; a day for tokens, as none lives longer, and without end for the rest when absent",
        HelpName = "SECONDS",
    };

    /// <summary>Makes the option for how long the new key is only published.</summary>
    public static Option<int?> Ahead() => new("--ahead")
    {
        Description = $"how long the new key is published before it signs, in seconds; {AheadOfTokensSeconds} for tokens and 0 for the rest when absent",
        HelpName = "SECONDS",
    };

    /// <summary>Gives how long a new key is only published.</summary>
    public static TimeSpan AheadOf(KeyPurpose purpose, int? given) =>
        Seconds("--ahead", given) ?? TimeSpan.FromSeconds(purpose == KeyPurpose.Token ? AheadOfTokensSeconds : 0);

    private static StoredKey Rotate(KeyStore store, KeyPurpose purpose, TimeSpan ahead, TimeSpan? overlap) =>
        ahead > TimeSpan.Zero && store.Announce(purpose, ahead, overlap) is { } announced
            ? announced
            : store.Rotate(purpose, overlap ?? KeyStore.OverlapOf(purpose));

    private static KeyPurpose Purpose(string? text) =>
        KeyPurposeText.Find(text) is { } purpose and not KeyPurpose.Agent ? purpose : throw new InputException("PURPOSE: one of " + string.Join(", ", KeyPurposeText.Names));

    /// <summary>Gives a number of seconds; <see langword="null"/> when the option is absent.</summary>
    public static TimeSpan? Seconds(string option, int? value) =>
        value is < 0 ? throw new InputException($"{option}: must not be negative") : value is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
