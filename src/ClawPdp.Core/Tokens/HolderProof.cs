using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>
/// A proof that a caller holds a key (a DPoP proof JWT, RFC 9449 section 4.2), taken apart before anything in it is believed: the key that it is
/// signed with stands in itself, and says nothing until it is compared with the one that a token names.
/// </summary>
public sealed class HolderProof
{
    /// <summary>The longest proof that is looked at, in characters.</summary>
    public const int LengthMax = 4096;

    private const int IdentifierLengthMax = 128;
    private const int TargetLengthMax = 2048;
    private const int SignatureSizeBytes = 64;

    // Whole seconds up to the year 9999, beyond which there is no instant.
    private const double SecondsMax = 253_402_300_799;

    private HolderProof(HolderKey key, JsonValue claims, string signed, byte[] signature)
    {
        Key = key;
        Id = claims.FindText("jti") ?? "";
        Method = claims.FindText("htm") ?? "";
        Target = claims.FindText("htu") ?? "";
        TokenHash = claims.FindText("ath");
        IssuedAt = DateTimeOffset.UnixEpoch.AddSeconds(claims.Find("iat")?.Number ?? 0);
        SigningInput = System.Text.Encoding.ASCII.GetBytes(signed);
        Signature = signature;
    }

    /// <summary>Gets the key that it says it is signed with.</summary>
    public HolderKey Key { get; }

    /// <summary>Gets its <c>jti</c>: 1 to 128 characters.</summary>
    public string Id { get; }

    /// <summary>Gets its <c>htm</c>, the method of the request.</summary>
    public string Method { get; }

    /// <summary>Gets its <c>htu</c>, the address of the request.</summary>
    public string Target { get; }

    /// <summary>Gets its <c>iat</c>; fractions of a second count.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>Gets its <c>ath</c>, the SHA-256 of the token that it comes with: base64url; <see langword="null"/> for none.</summary>
    public string? TokenHash { get; }

    /// <summary>Gets the ASCII bytes that the signature is over.</summary>
    public ReadOnlyMemory<byte> SigningInput { get; }

    /// <summary>Gets the signature, 64 bytes of both algorithms.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Takes a text apart.</summary>
    /// <returns>The proof, or <see langword="null"/> when the text is none.</returns>
    public static HolderProof? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LengthMax || text.Split('.') is not [var first, var second, var third])
        {
            return null;
        }

        return Read(first) is { } header
            && Read(second) is { } claims
            && ReadKey(header) is { } key
            && AreClaims(claims)
            && Base64UrlText.TryDecode(third, out var signature)
            && signature.Length == SignatureSizeBytes
                ? new HolderProof(key, claims, first + "." + second, signature)
                : null;
    }

    /// <summary>Says no more than its key: a proof stands beside a secret.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"a proof of the key {Key.Thumbprint}");

    private static JsonValue? Read(string part) =>
        Base64UrlText.TryDecode(part, out var json) && JsonReader.Parse(json, LengthMax).TryGet(out var value) && value.Kind == JsonKind.Object ? value : null;

    private static HolderKey? ReadKey(JsonValue header)
    {
        var key = header.Find("jwk") is { } jwk ? HolderKey.Read(jwk) : null;
        var isProof = string.Equals(header.FindText("typ"), "dpop+jwt", StringComparison.Ordinal)
            && key?.SignsWith(header.FindText("alg")) is true
            && header.Find("crit") is null
            && header.Find("b64") is null;
        return isProof ? key : null;
    }

    private static bool AreClaims(JsonValue claims) =>
        claims.FindText("jti") is { Length: > 0 and <= IdentifierLengthMax }
        && claims.FindText("htm") is { Length: > 0 and <= IdentifierLengthMax }
        && claims.FindText("htu") is { Length: > 0 and <= TargetLengthMax }
        && claims.Find("iat") is { Kind: JsonKind.Number, Number: >= 0 and <= SecondsMax }
        && claims.Find("ath") is null or { Kind: JsonKind.String };
}
