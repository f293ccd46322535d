using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>
/// A token text taken apart (compact JWS, RFC 7515 section 7.1) before anything in it is believed: first key and signature
/// are to be checked, only then the claims are read.
/// </summary>
public sealed class CstEnvelope
{
    private const int SignatureSizeBytes = 64;

    private readonly byte[] _payload;

    // INVARIANT: every character of the text was found to be a dot or of the base64url alphabet, so ASCII says the same as UTF-8.
    private CstEnvelope(string token, string? keyId, TokenHolder? holder, int signedLength, byte[] payload, byte[] signature)
    {
        var text = System.Text.Encoding.ASCII.GetBytes(token);
        KeyId = keyId;
        Holder = holder;
        SigningInput = text.AsMemory(0, signedLength);
        Signature = signature;
        TokenHash = Sha256.Hex(text);
        _payload = payload;
    }

    /// <summary>Gets the header's <c>kid</c>; <see langword="null"/> when there is none.</summary>
    public string? KeyId { get; }

    /// <summary>Gets who alone may use the token; <see langword="null"/> for whoever has it.</summary>
    public TokenHolder? Holder { get; }

    /// <summary>Gets the ASCII bytes that the signature is over: header, dot, payload.</summary>
    public ReadOnlyMemory<byte> SigningInput { get; }

    /// <summary>Gets the 64-byte signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the whole text.</summary>
    public string TokenHash { get; }

    /// <summary>Takes a text apart.</summary>
    /// <returns>The parts, or <see langword="null"/> with the first thing that is wrong.</returns>
    public static CstEnvelope? Parse(string? token, out CstFailure failure)
    {
        if (string.IsNullOrEmpty(token))
        {
            failure = CstFailure.Required;
            return null;
        }

        failure = CstFailure.Malformed;
        if (token.Length > CstLimits.TokenLengthMax)
        {
            return null;
        }

        var firstDot = token.IndexOf('.', StringComparison.Ordinal);
        var lastDot = token.LastIndexOf('.');
        if (firstDot <= 0 || lastDot <= firstDot + 1
            || !Base64UrlText.TryDecode(token.AsSpan(0, firstDot), out var headerText)
            || !Base64UrlText.TryDecode(token.AsSpan(firstDot + 1, lastDot - firstDot - 1), out var payload)
            || !Base64UrlText.TryDecode(token.AsSpan(lastDot + 1), out var signature)
            || !JsonReader.Parse(headerText, CstLimits.TokenLengthMax).TryGet(out var header)
            || header.Kind != JsonKind.Object)
        {
            return null;
        }

        failure = CheckHeader(header, out var holder);
        if (failure == CstFailure.None && signature.Length != SignatureSizeBytes)
        {
            failure = CstFailure.Malformed;
        }

        return failure == CstFailure.None ? new CstEnvelope(token, header.FindText("kid"), holder, lastDot, payload, signature) : null;
    }

    /// <summary>Reads the claims of a token whose signature held.</summary>
    /// <param name="failure">Receives what is wrong.</param>
    /// <param name="field">Receives the name of the claim at fault; empty when none in particular.</param>
    /// <returns>The claims, or <see langword="null"/>.</returns>
    public CstClaims? ReadClaims(out CstFailure failure, out string field)
    {
        field = "";
        if (JsonReader.Parse(_payload, CstLimits.TokenLengthMax).TryGet(out var payload) && payload.Kind == JsonKind.Object)
        {
            return CstClaimsReader.Read(payload, out failure, out field);
        }

        failure = CstFailure.Malformed;
        return null;
    }

    private static CstFailure CheckHeader(JsonValue header, out TokenHolder? holder)
    {
        holder = null;
        if (!string.Equals(header.FindText("alg"), "EdDSA", StringComparison.Ordinal))
        {
            return CstFailure.UnsupportedAlg;
        }

        var typ = header.Find("typ");
        var isOrdinary = TryReadHolder(header, out holder)
            && header.Find("b64") is null
            && header.Find("kid") is null or { Kind: JsonKind.String }
            && (typ is null || string.Equals(typ.Text, "JWT", StringComparison.Ordinal));
        return isOrdinary ? CstFailure.None : CstFailure.Malformed;
    }

    // `crit` names extensions that must be understood (RFC 7515 section 4.1.11); we know one, and it is always named there.
    private static bool TryReadHolder(JsonValue header, out TokenHolder? holder)
    {
        var confirmation = header.Find(TokenHolder.HeaderName);
        var critical = header.Find("crit");
        holder = confirmation is null ? null : TokenHolder.Read(confirmation);
        return confirmation is null
            ? critical is null
            : holder is not null && critical is { Items: [{ Kind: JsonKind.String, Text: TokenHolder.HeaderName }] };
    }
}
