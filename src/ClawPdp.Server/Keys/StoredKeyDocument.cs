using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys;

/// <summary>The text of a key file: <c>{"created_at", "kid", "not_after"?, "public_key_b64u", "purpose", "seed_b64u"?, "version": 1}</c>.</summary>
internal static class StoredKeyDocument
{
    private const int SizeMaxBytes = 4096;

    public static byte[] Write(StoredKey key) => JsonWriter.WriteCanonical(new JsonObjectBuilder()
        .Add("version", 1)
        .Add("purpose", KeyPurposeText.NameOf(key.Purpose))
        .Add("kid", key.PublicKey.KeyId)
        .Add("public_key_b64u", Base64UrlText.Encode(key.PublicKey.Raw.Span))
        .Add("created_at", Rfc3339.Format(key.CreatedAt))
        .AddIfPresent("not_after", key.NotAfter is { } end ? Rfc3339.Format(end) : null)
        .AddIfPresent("seed_b64u", key.Seed is { } seed ? Base64UrlText.Encode(seed) : null)
        .Build());

    public static Result<StoredKey> Read(ReadOnlySpan<byte> text)
    {
        var parsed = JsonReader.Parse(text, SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Result.Invalid<StoredKey>(parsed.Faults);
        }

        var faults = new List<Fault>();
        var root = JsonCursor.At(document, faults);
        _ = root.IsObjectOf("version", "purpose", "kid", "public_key_b64u", "created_at", "not_after", "seed_b64u");
        _ = root.Required("version")?.AsInteger(1, 1);
        var purpose = ReadPurpose(root.Required("purpose"));
        var raw = ReadBytes(root.Required("public_key_b64u"));
        var seed = root.Optional("seed_b64u") is { } kept ? ReadBytes(kept) : null;
        var createdAt = ReadInstant(root.Required("created_at"));
        var notAfter = root.Optional("not_after") is { } end ? ReadInstant(end) : null;
        if (faults.Count > 0 || raw is null || !Ed25519PublicKey.TryFromRaw(raw, out var publicKey))
        {
            return Result.Invalid<StoredKey>(faults.Count > 0 ? [.. faults] : [new Fault("/public_key_b64u", "not an Ed25519 public key")]);
        }

        CheckAgreement(root, publicKey, seed);
        return faults.Count > 0 || purpose is null || createdAt is null
            ? Result.Invalid<StoredKey>([.. faults])
            : Result.Valid(new StoredKey
            {
                Purpose = purpose.Value,
                PublicKey = publicKey,
                Seed = seed,
                CreatedAt = createdAt.Value,
                NotAfter = notAfter,
            });
    }

    private static void CheckAgreement(JsonCursor root, Ed25519PublicKey publicKey, byte[]? seed)
    {
        if (!string.Equals(root.Required("kid")?.AsText(64), publicKey.KeyId, StringComparison.Ordinal))
        {
            root.Required("kid")?.Refuse("the key id is not that of the public key");
        }

        if (seed is not null)
        {
            using var key = Ed25519SigningKey.FromSeed(seed);
            if (!key.PublicKey.Raw.Span.SequenceEqual(publicKey.Raw.Span))
            {
                root.Required("seed_b64u")?.Refuse("the seed is not that of the public key");
            }
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
