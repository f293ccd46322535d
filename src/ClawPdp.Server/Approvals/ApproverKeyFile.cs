using ClawPdp.Core.Encoding;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Approvals;

/// <summary>The file with an approver's key: the Ed25519 seed as 43 base64url characters, mode 0600.</summary>
internal static class ApproverKeyFile
{
    private const int SizeMaxBytes = 1024;

    /// <summary>Makes a key and its file.</summary>
    /// <returns>The key's public half.</returns>
    /// <exception cref="IOException">There is a file already, or it could not be brought to disk.</exception>
    public static Ed25519PublicKey Create(string path)
    {
        using var key = Ed25519SigningKey.Generate();
        DurableFile.WriteFirst(path, System.Text.Encoding.ASCII.GetBytes(Base64UrlText.Encode(key.ExportSeed()) + "\n"));
        return key.PublicKey;
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="UnsafeFileException">Others than the owner may read or write it.</exception>
    /// <exception cref="InputException">It cannot be read, or is no key.</exception>
    public static PurposeKey Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: there is no such file; run: clawpdp approve keygen --out {path}");
        }

        OwnerOnlyFile.Check(path);
        var text = System.Text.Encoding.UTF8.GetString(Input.Read(path, SizeMaxBytes)).Trim();
        return Base64UrlText.TryDecode(text, out var seed) && seed.Length == Ed25519SigningKey.SeedSizeBytes
            ? new PurposeKey(KeyPurpose.Approval, Ed25519SigningKey.FromSeed(seed))
            : throw new InputException($"{path}: 43 canonical base64url characters are expected");
    }
}
