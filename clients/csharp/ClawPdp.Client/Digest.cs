using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Client;

/// <summary>The digest of arguments and results: SHA-256 over the canonical JSON (RFC 8785), base64url, 43 characters.</summary>
public static class Digest
{
    private const int BytesMax = 64 * 1024 * 1024;

    /// <summary>Gets the digest of the JSON value <c>null</c>, which stands for nothing.</summary>
    public static string OfNull { get; } = Sha256.OfCanonical(JsonValue.Null);

    /// <summary>Gives the digest of a JSON text.</summary>
    /// <exception cref="FormatException">It is not strict JSON (RFC 7493): a name that stands twice, an unpaired surrogate, a number that is not finite.</exception>
    public static string OfJson(string json) => OfJson(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Gives the digest of a JSON text in UTF-8.</summary>
    /// <exception cref="FormatException">It is not strict JSON (RFC 7493).</exception>
    public static string OfJson(ReadOnlySpan<byte> utf8)
    {
        var parsed = JsonReader.Parse(utf8, BytesMax);
        return parsed.TryGet(out var value)
            ? Sha256.OfCanonical(value)
            : throw new FormatException("no strict JSON: " + string.Join("; ", parsed.Faults.Select(static fault => fault.ToString())));
    }

    /// <summary>Gives the digest of a text, as the JSON string that it is.</summary>
    public static string OfText(string text) => Sha256.OfCanonical(JsonValue.Of(text));
}
