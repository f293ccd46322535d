using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto.Sealing;

namespace ClawPdp.Server.Keys;

/// <summary>The member <c>sealed_seed</c> of a key file: <c>{"cipher", "ciphertext_b64u", "kdf", "memory_kib", "nonce_b64u", "passes", "salt_b64u"}</c>.</summary>
internal static class SealedSeedDocument
{
    private const string Cipher = "xchacha20-poly1305";
    private const string Derivation = "argon2id";

    /// <summary>Writes the member.</summary>
    public static JsonValue Write(SealedSeed box) => new JsonObjectBuilder()
        .Add("kdf", Derivation)
        .Add("memory_kib", box.Recipe.MemoryKib)
        .Add("passes", box.Recipe.Passes)
        .Add("salt_b64u", box.Recipe.Salt)
        .Add("cipher", Cipher)
        .Add("nonce_b64u", box.Nonce)
        .Add("ciphertext_b64u", box.Ciphertext)
        .Build();

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="member">The member; <see langword="null"/> when it is absent.</param>
    /// <returns>What it says; <see langword="null"/> when it is absent or faulty.</returns>
    public static SealedSeed? Read(JsonCursor? member)
    {
        if (member is null || !member.IsObjectOf("kdf", "memory_kib", "passes", "salt_b64u", "cipher", "nonce_b64u", "ciphertext_b64u"))
        {
            return null;
        }

        var isKnown = IsExactly(member.Required("kdf"), Derivation) & IsExactly(member.Required("cipher"), Cipher);
        var memory = member.Required("memory_kib")?.AsInteger(SealingRecipe.MemoryKibMin, SealingRecipe.MemoryKibMax);
        var passes = member.Required("passes")?.AsInteger(1, SealingRecipe.PassesMax);
        var salt = TextOf(member.Required("salt_b64u"), SealingRecipe.SaltSizeBytes);
        var nonce = TextOf(member.Required("nonce_b64u"), SealedSeed.NonceSizeBytes);
        var ciphertext = TextOf(member.Required("ciphertext_b64u"), SealedSeed.CiphertextSizeBytes);
        return isKnown && memory is not null && passes is not null && salt is not null && nonce is not null && ciphertext is not null
            ? new SealedSeed(new SealingRecipe(salt, (int)memory, (int)passes), nonce, ciphertext)
            : null;
    }

    private static bool IsExactly(JsonCursor? member, string known)
    {
        var text = member?.AsText(32);
        if (text is null || string.Equals(text, known, StringComparison.Ordinal))
        {
            return text is not null;
        }

        member?.Refuse($"`{known}` is expected");
        return false;
    }

    private static string? TextOf(JsonCursor? member, int sizeBytes)
    {
        var text = member?.AsText(128);
        if (text is null || (Base64UrlText.TryDecode(text, out var bytes) && bytes.Length == sizeBytes))
        {
            return text;
        }

        member?.Refuse($"{sizeBytes} bytes in canonical base64url are expected");
        return null;
    }
}
