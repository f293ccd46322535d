using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys;

/// <summary>
/// The text of a key file: <c>{"created_at", "kid", "not_after"?, "overlap_seconds"?, "public_key_b64u", "purpose", "sealed_seed"?, "seed_b64u"?,
/// "signer_socket"?, "signs_from"?, "version"}</c>. Version 2 has what version 1 has not: <c>overlap_seconds</c>, <c>sealed_seed</c>, <c>signer_socket</c>, <c>signs_from</c>.
/// </summary>
internal static class StoredKeyDocument
{
    private const int SizeMaxBytes = 4096;
    private const int SocketLengthMax = 107;
    private const int OverlapMaxSeconds = int.MaxValue;

    /// <summary>Writes a key.</summary>
    /// <exception cref="InvalidOperationException">The seed is not the key's: it was wiped.</exception>
    public static byte[] Write(StoredKey key)
    {
        if (key.Seed is { } plain && !IsOf(plain, key.PublicKey))
        {
            throw new InvalidOperationException("a seed that is not the key's is never written");
        }

        return JsonWriter.WriteCanonical(new JsonObjectBuilder()
            .Add("version", key.SealedSeed is null && key.SignerSocket is null && key.SignsFrom is null && key.Overlap is null ? 1 : 2)
            .Add("purpose", KeyPurposeText.NameOf(key.Purpose))
            .Add("kid", key.PublicKey.KeyId)
            .Add("public_key_b64u", Base64UrlText.Encode(key.PublicKey.Raw.Span))
            .Add("created_at", Rfc3339.Format(key.CreatedAt))
            .AddIfPresent("signs_from", key.SignsFrom is { } start ? Rfc3339.Format(start) : null)
            .AddIfPresent("overlap_seconds", key.Overlap is { } overlap ? (long)overlap.TotalSeconds : null)
            .AddIfPresent("not_after", key.NotAfter is { } end ? Rfc3339.Format(end) : null)
            .AddIfPresent("seed_b64u", key.Seed is { } seed ? Base64UrlText.Encode(seed) : null)
            .AddIfPresent("sealed_seed", key.SealedSeed is { } box ? SealedSeedDocument.Write(box) : null)
            .AddIfPresent("signer_socket", key.SignerSocket)
            .Build());
    }

    /// <summary>Reads a key.</summary>
    public static Result<StoredKey> Read(ReadOnlySpan<byte> text)
    {
        var parsed = JsonReader.Parse(text, SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Result.Invalid<StoredKey>(parsed.Faults);
        }

        var faults = new List<Fault>();
        var root = JsonCursor.At(document, faults);
        _ = root.IsObjectOf("version", "purpose", "kid", "public_key_b64u", "created_at", "signs_from", "overlap_seconds", "not_after", "seed_b64u", "sealed_seed", "signer_socket");
        _ = root.Required("version")?.AsInteger(1, 2);
        var purpose = ReadPurpose(root.Required("purpose"));
        var raw = ReadBytes(root.Required("public_key_b64u"));
        var createdAt = ReadInstant(root.Required("created_at"));
        if (faults.Count > 0 || raw is null || purpose is null || createdAt is null)
        {
            return Result.Invalid<StoredKey>([.. faults]);
        }

        if (!Ed25519PublicKey.TryFromRaw(raw, out var publicKey))
        {
            return Result.Invalid<StoredKey>([new Fault("/public_key_b64u", "not an Ed25519 public key")]);
        }

        var key = new StoredKey
        {
            Purpose = purpose.Value,
            PublicKey = publicKey,
            Seed = ReadBytes(root.Optional("seed_b64u")),
            SealedSeed = SealedSeedDocument.Read(root.Optional("sealed_seed")),
            SignerSocket = root.Optional("signer_socket")?.AsText(SocketLengthMax),
            CreatedAt = createdAt.Value,
            SignsFrom = ReadInstant(root.Optional("signs_from")),
            Overlap = root.Optional("overlap_seconds")?.AsInteger(0, OverlapMaxSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            NotAfter = ReadInstant(root.Optional("not_after")),
        };
        CheckAgreement(root, key);
        return faults.Count > 0 ? Result.Invalid<StoredKey>([.. faults]) : Result.Valid(key);
    }

    /// <summary>Tells whether a seed is that of a public key.</summary>
    public static bool IsOf(ReadOnlySpan<byte> seed, Ed25519PublicKey publicKey)
    {
        using var key = Ed25519SigningKey.FromSeed(seed);
        return key.PublicKey.Raw.Span.SequenceEqual(publicKey.Raw.Span);
    }

    private static void CheckAgreement(JsonCursor root, StoredKey key)
    {
        if (!string.Equals(root.Required("kid")?.AsText(64), key.PublicKey.KeyId, StringComparison.Ordinal))
        {
            root.Required("kid")?.Refuse("the key id is not that of the public key");
        }

        if (key.Seed is { } seed && !IsOf(seed, key.PublicKey))
        {
            root.Required("seed_b64u")?.Refuse("the seed is not that of the public key");
        }

        if (new[] { key.Seed is not null, key.SealedSeed is not null, key.SignerSocket is not null }.Count(static isThere => isThere) > 1)
        {
            root.Refuse("there is one of seed_b64u, sealed_seed and signer_socket");
        }

        if (key.SignerSocket is not null && key.Purpose != KeyPurpose.Token)
        {
            root.Required("signer_socket")?.Refuse("a signer holds the key of tokens alone");
        }
    }

    private static KeyPurpose? ReadPurpose(JsonCursor? member)
    {
        var text = member?.AsText(16);
        var purpose = KeyPurposeText.Find(text);
        if (text is not null && purpose is null)
        {
            member?.Refuse("unknown purpose", "one of " + string.Join(", ", KeyPurposeText.Names));
        }

        return purpose;
    }

    private static byte[]? ReadBytes(JsonCursor? member)
    {
        var text = member?.AsText(43, 43);
        if (text is null)
        {
            return null;
        }

        if (Base64UrlText.TryDecode(text, out var bytes))
        {
            return bytes;
        }

        member?.Refuse("43 canonical base64url characters are expected");
        return null;
    }

    private static DateTimeOffset? ReadInstant(JsonCursor? member)
    {
        var text = member?.AsText(64);
        if (text is null)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out var instant))
        {
            return instant;
        }

        member?.Refuse("an RFC 3339 date-time is expected");
        return null;
    }
}
