using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto;

/// <summary>Writes the text of an envelope around the payload's own text, so that a payload is written once for its hash and its envelope.</summary>
internal static class EnvelopeText
{
    /// <summary>Gives the envelope in JCS order (RFC 8785): a member that is added has its place by its name.</summary>
    /// <param name="envelopeType">The type.</param>
    /// <param name="canonicalPayload">The payload's JCS.</param>
    /// <param name="payloadHash">Its hash.</param>
    /// <param name="signature">The signature: 64 bytes.</param>
    /// <param name="signerDid">Who signed.</param>
    /// <param name="issuedAt">The instant that it names.</param>
    public static byte[] Write(
        string envelopeType,
        ReadOnlySpan<byte> canonicalPayload,
        string payloadHash,
        ReadOnlySpan<byte> signature,
        string signerDid,
        DateTimeOffset issuedAt)
    {
        var head = $$"""{"algorithm":"Ed25519","envelope_type":{{Quoted(envelopeType)}},"envelope_version":"1","hash_algorithm":"SHA-256","issued_at":"{{Rfc3339.Format(issuedAt)}}","payload":""";
        var tail = $$""","payload_hash_b64u":"{{payloadHash}}","signature_b64u":"{{Base64UrlText.Encode(signature)}}","signer_did":{{Quoted(signerDid)}}}""";
        var utf8 = System.Text.Encoding.UTF8;
        var text = new byte[utf8.GetByteCount(head) + canonicalPayload.Length + utf8.GetByteCount(tail)];
        var length = utf8.GetBytes(head, text);
        canonicalPayload.CopyTo(text.AsSpan(length));
        utf8.GetBytes(tail, text.AsSpan(length + canonicalPayload.Length));
        return text;
    }

    private static string Quoted(string text) => JsonWriter.CanonicalText(JsonValue.Of(text));
}
