using System.CommandLine;
using ClawPdp.Client;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;
using PublicKey = ClawPdp.Core.Tokens.HolderKey;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp holder-key new|show</c>: makes a key for tokens to be bound to, and says by what they name it.</summary>
internal static class HolderKeyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("holder-key", "Make a key that tokens can be bound to, or show what names it") { Make(), Show() };

    private static Command Make()
    {
        var output = new Option<string>("--out") { Description = "the key file to make; an older one is never replaced", HelpName = "FILE", Required = true };
        var json = CommonOptions.Json();
        var command = new Command("new", "Make an Ed25519 key: its file, which nobody else may read, and what names it") { output, json };
        command.SetAction(parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(output) ?? "");
            var key = HolderKeyFile.Create(path);
            return Print(PublicKey.OfEd25519(key.Raw).Thumbprint, key.Did, parsed.GetValue(json));
        });
        return command;
    }

    private static Command Show()
    {
        var file = new Argument<string>("FILE") { Description = "the key file: a JSON Web Key, or PKCS #8 in PEM" };
        var json = CommonOptions.Json();
        var command = new Command("show", "Show what names a key") { file, json };
        command.SetAction(parsed =>
        {
            using var key = HolderKeyFile.Open(Path.GetFullPath(parsed.GetValue(file) ?? ""));
            return Print(key?.Thumbprint ?? "", DidOf(key), parsed.GetValue(json));
        });
        return command;
    }

    // Keys of P-256 have no DID that agents here are named by.
    private static string DidOf(HolderKey? key)
    {
        var jwk = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(key?.PublicJwk ?? ""), 1 << 16);
        return jwk.TryGet(out var value) && PublicKey.Read(value) is { Algorithm: PublicKey.EdDsa } edwards ? DidKey.Encode(edwards.X.Span) : "";
    }

    private static int Print(string thumbprint, string did, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("jwk_thumbprint", thumbprint).AddIfPresent("did", did).Build());
        }
        else
        {
            Output.Pairs([("thumbprint", thumbprint), ("did", did)]);
        }

        return ExitCodes.Ok;
    }
}
