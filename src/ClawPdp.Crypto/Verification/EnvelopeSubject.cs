using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Verification;

/// <summary>An envelope under verification, with what it is judged by.</summary>
internal sealed record EnvelopeSubject(JsonValue Envelope, ImmutableArray<string> TrustedSigners, DateTimeOffset Now)
{
    public string Type => Text("envelope_type");

    public string SignerDid => Text("signer_did");

    public string PayloadHash => Text("payload_hash_b64u");

    public JsonValue Payload => Envelope.Find("payload") ?? JsonValue.Null;

    public string Text(string name) => Envelope.FindText(name) ?? "";
}
