using System.Text;
using ClawPdp.Client;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Files;

namespace ClawPdp.Server.Cli;

/// <summary>The file with the key that tokens are bound to: a JSON Web Key (RFC 8037) with its private part, or PKCS #8 in PEM; mode 0600.</summary>
internal static class HolderKeyFile
{
    private const int SizeMaxBytes = 16_384;

    /// <summary>Makes an Ed25519 key and its file.</summary>
    /// <returns>The key's public half.</returns>
    /// <exception cref="IOException">There is a file already, or it could not be brought to disk.</exception>
    public static Ed25519PublicKey Create(string path)
    {
        using var key = Ed25519SigningKey.Generate();
        var jwk = new JsonObjectBuilder()
            .Add("crv", "Ed25519")
            .Add("d", Base64UrlText.Encode(key.ExportSeed()))
            .Add("kty", "OKP")
            .Add("x", Base64UrlText.Encode(key.PublicKey.Raw.Span))
            .Build();
        DurableFile.WriteFirst(path, Encoding.ASCII.GetBytes(JsonWriter.CanonicalText(jwk) + "\n"));
        return key.PublicKey;
    }

    /// <summary>Reads a key, where one is named.</summary>
    /// <returns>The key; <see langword="null"/> for no path.</returns>
    /// <exception cref="UnsafeFileException">Others than the owner may read or write it.</exception>
    /// <exception cref="InputException">It cannot be read, or is no key.</exception>
    public static HolderKey? Open(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        if (!File.Exists(path))
        {
            throw new InputException($"{path}: there is no such file; run: clawpdp holder-key new --out {path}");
        }

        OwnerOnlyFile.Check(path);
        try
        {
            return HolderKey.Parse(Encoding.UTF8.GetString(Input.Read(path, SizeMaxBytes)));
        }
        catch (FormatException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }
}
