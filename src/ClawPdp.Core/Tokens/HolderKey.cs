using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>The public key of a token's holder: Ed25519 (RFC 8037) or P-256 (RFC 7518 section 6.2), as a JSON Web Key.</summary>
public sealed class HolderKey
{
    /// <summary>The algorithm of Ed25519 keys.</summary>
    public const string EdDsa = "EdDSA";

    /// <summary>The same algorithm by its name of RFC 9864.</summary>
    public const string Ed25519 = "Ed25519";

    /// <summary>The algorithm of P-256 keys.</summary>
    public const string Es256 = "ES256";

    private const int CoordinateSize = 32;

    private HolderKey(string algorithm, ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y)
    {
        Algorithm = algorithm;
        X = x;
        Y = y;
        Thumbprint = Sha256.OfCanonical(ToJson());
    }

    /// <summary>Gets the one algorithm that it signs with: <c>EdDSA</c> or <c>ES256</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Gets the 32 bytes of <c>x</c>.</summary>
    public ReadOnlyMemory<byte> X { get; }

    /// <summary>Gets the 32 bytes of <c>y</c>; empty for Ed25519.</summary>
    public ReadOnlyMemory<byte> Y { get; }

    /// <summary>Gets the SHA-256 thumbprint (RFC 7638): base64url, 43 characters.</summary>
    public string Thumbprint { get; }

    /// <summary>Tells whether a name is one of the algorithm that the key signs with.</summary>
    public bool SignsWith(string? algorithm) =>
        string.Equals(algorithm, Algorithm, StringComparison.Ordinal)
        || (string.Equals(algorithm, Ed25519, StringComparison.Ordinal) && string.Equals(Algorithm, EdDsa, StringComparison.Ordinal));

    /// <summary>Takes an Ed25519 key.</summary>
    /// <param name="raw">Its 32 bytes.</param>
    public static HolderKey OfEd25519(ReadOnlyMemory<byte> raw) => new(EdDsa, raw, default);

    /// <summary>Takes a P-256 key.</summary>
    /// <param name="x">The 32 bytes of the point's first coordinate.</param>
    /// <param name="y">The 32 bytes of its second.</param>
    public static HolderKey OfP256(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => new(Es256, x, y);

    /// <summary>Reads a JSON Web Key.</summary>
    /// <returns>The key, or <see langword="null"/> for another type or curve, a coordinate of another size, or one with a private part.</returns>
    public static HolderKey? Read(JsonValue jwk)
    {
        // A private key in a proof is no secret any more (RFC 9449 section 4.3, step 7).
        if (jwk.Kind != JsonKind.Object || jwk.Find("d") is not null || ReadCoordinate(jwk, "x") is not { } x)
        {
            return null;
        }

        return (jwk.FindText("kty"), jwk.FindText("crv")) switch
        {
            ("OKP", "Ed25519") => OfEd25519(x),
            ("EC", "P-256") when ReadCoordinate(jwk, "y") is { } y => OfP256(x, y),
            _ => null,
        };
    }

    /// <summary>Writes the members that the thumbprint is over: those that every key of the kind has.</summary>
    public JsonValue ToJson()
    {
        var isEdwards = string.Equals(Algorithm, EdDsa, StringComparison.Ordinal);
        var builder = new JsonObjectBuilder()
            .Add("crv", isEdwards ? "Ed25519" : "P-256")
            .Add("kty", isEdwards ? "OKP" : "EC")
            .Add("x", Base64UrlText.Encode(X.Span));
        return (isEdwards ? builder : builder.Add("y", Base64UrlText.Encode(Y.Span))).Build();
    }

    private static byte[]? ReadCoordinate(JsonValue jwk, string name) =>
        jwk.FindText(name) is { } text && Base64UrlText.TryDecode(text, out var bytes) && bytes.Length == CoordinateSize ? bytes : null;
}
