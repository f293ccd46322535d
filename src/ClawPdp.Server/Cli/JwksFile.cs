using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Server.Cli;

/// <summary>Reads a key set (RFC 7517) with Ed25519 keys (RFC 8037).</summary>
internal static class JwksFile
{
    private const int SizeMaxBytes = 1 << 20;
    private const int KeyCountMax = 100;

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">It is not a key set, or holds no Ed25519 key.</exception>
    public static KeySet Read(string path)
    {
        var document = Input.Require(path, JsonReader.Parse(Input.Read(path), SizeMaxBytes));
        var keys = new List<VerificationKey>();
        foreach (var item in document.Find("keys")?.Items.Take(KeyCountMax) ?? [])
        {
            if (item.FindText("kty") is "OKP" && item.FindText("crv") is "Ed25519"
                && Base64UrlText.TryDecode(item.FindText("x"), out var raw)
                && Ed25519PublicKey.TryFromRaw(raw, out var key))
            {
                keys.Add(new VerificationKey(key, NotAfter: null));
            }
        }

        return keys.Count > 0 ? new KeySet(keys, TimeProvider.System.GetUtcNow()) : throw new InputException($"{path}: no Ed25519 key");
    }
}
