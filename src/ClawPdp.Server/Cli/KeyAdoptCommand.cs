using System.CommandLine;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Keys.Signers;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp keys adopt SOCKET</c>: makes the key that a signer holds the next one for tokens.</summary>
internal static class KeyAdoptCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var socket = new Argument<string>("SOCKET") { Description = "the signer's Unix socket" };
        var data = CommonOptions.Data();
        var json = CommonOptions.Json();
        var ahead = KeyRotateCommand.Ahead();
        var overlap = KeyRotateCommand.Overlap();
        var command = new Command("adopt", "Let the key of a signer (`clawpdp signer`) be the next one for tokens") { socket, ahead, overlap, data, json };
        command.SetAction(parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(socket) ?? "");
            var (lead, window) = (KeyRotateCommand.AheadOf(KeyPurpose.Token, parsed.GetValue(ahead)), KeyRotateCommand.Seconds("--overlap", parsed.GetValue(overlap)));
            var store = new KeyStore(Input.RequireFolder(Path.GetFullPath(parsed.GetValue(data) ?? ".")), TimeProvider.System);
            return KeysCommand.Print(store.LoadPublic, [Adopt(store, path, lead, window)], parsed.GetValue(json));
        });
        return command;
    }

    private static StoredKey Adopt(KeyStore store, string path, TimeSpan ahead, TimeSpan? overlap)
    {
        try
        {
            return store.Adopt(SocketSigner.PublicKeyOf(path), path, ahead, overlap);
        }
        catch (SignerUnavailableException exception)
        {
            throw new InputException(exception.Message, exception);
        }
    }
}
