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
        var overlap = new Option<int?>("--overlap")
        {
            Description = "how long the keys that it replaces go on verifying, in seconds; a day for tokens, as none lives longer, and without end for the rest when absent",
            HelpName = "SECONDS",
        };
        var ahead = new Option<int?>("--ahead")
        {
            Description = $"how long the new key is published before it signs, in seconds; {AheadOfTokensSeconds} for tokens and 0 for the rest when absent",
            HelpName = "SECONDS",
        };
        var command = new Command("rotate", "Make the next key of a purpose; those that it replaces only verify from then on") { purpose, ahead, overlap, passphrase, data, json };
        command.SetAction(parsed =>
        {
            var named = Purpose(parsed.GetValue(purpose));
            var (lead, window) = (Seconds("--ahead", parsed.GetValue(ahead)), Seconds("--overlap", parsed.GetValue(overlap)));
            using var vault = KeyOptions.VaultOf(parsed.GetValue(passphrase));
            var store = new KeyStore(Input.RequireFolder(Path.GetFullPath(parsed.GetValue(data) ?? ".")), TimeProvider.System, vault);
            return KeysCommand.Print(store.LoadPublic, [Rotate(store, named, lead ?? AheadOf(named), window)], parsed.GetValue(json));
        });
        return command;
    }

    private static StoredKey Rotate(KeyStore store, KeyPurpose purpose, TimeSpan ahead, TimeSpan? overlap) =>
        ahead > TimeSpan.Zero && store.Announce(purpose, ahead, overlap) is { } announced
            ? announced
            : store.Rotate(purpose, overlap ?? KeyStore.OverlapOf(purpose));

    private static TimeSpan AheadOf(KeyPurpose purpose) => purpose == KeyPurpose.Token ? TimeSpan.FromSeconds(AheadOfTokensSeconds) : TimeSpan.Zero;

    private static KeyPurpose Purpose(string? text) =>
        KeyPurposeText.Find(text) is { } purpose and not KeyPurpose.Agent ? purpose : throw new InputException("PURPOSE: one of " + string.Join(", ", KeyPurposeText.Names));

    private static TimeSpan? Seconds(string option, int? value) =>
        value is < 0 ? throw new InputException($"{option}: must not be negative") : value is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
