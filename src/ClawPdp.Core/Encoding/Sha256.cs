using System.Security.Cryptography;

namespace ClawPdp.Core.Encoding;

/// <summary>SHA-256 (FIPS 180-4) in the two notations of the wire formats.</summary>
public static class Sha256
{
    /// <summary>Gives the hash as base64url, 43 characters.</summary>
    public static string B64u(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        return Base64UrlText.Encode(hash);
    }

    /// <summary>Gives the hash as lower-case hexadecimal, 64 characters.</summary>
    public static string Hex(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Gives the hash of ASCII or UTF-8 text as lower-case hexadecimal.</summary>
    public static string Hex(string text) => Hex(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Gives the hash of the canonical JSON (RFC 8785) of a value as base64url.</summary>
    public static string OfCanonical(Json.JsonValue value) => B64u(Json.JsonWriter.WriteCanonical(value));
}
