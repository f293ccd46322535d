using ClawPdp.Core.Bundles;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;

namespace ClawPdp.Crypto;

/// <summary>
/// A signing key bound to what it may sign. It is given payloads, never hashes: whoever could choose the 43 characters that
/// an envelope signature covers could have anything signed.
/// </summary>
public sealed class PurposeKey : IDisposable
{
    private readonly ISigner _key;

    /// <summary>Initializes a new instance of the <see cref="PurposeKey"/> class, which owns the key.</summary>
    public PurposeKey(KeyPurpose purpose, ISigner key)
    {
        Purpose = purpose;
        _key = key;
    }

    /// <summary>Gets what the key may sign.</summary>
    public KeyPurpose Purpose { get; }

    /// <summary>Gets the public half.</summary>
    public Ed25519PublicKey PublicKey => _key.PublicKey;

    /// <summary>Gets a value indicating whether the key lies elsewhere, and could not be reached when it was last used or looked at.</summary>
    public bool IsAway => _key.IsAway;

    /// <summary>Looks whether the key can be reached.</summary>
    /// <exception cref="SignerUnavailableException">It is elsewhere, and cannot.</exception>
    public void Check() => _key.Check();

    /// <summary>Signs the signing input of a token: ASCII <c>header.payload</c>, whose dot no envelope hash holds.</summary>
    /// <exception cref="InvalidOperationException">The key is not for tokens, or the input is none of a token.</exception>
    public byte[] SignToken(ReadOnlyMemory<byte> signingInput)
    {
        if (Purpose != KeyPurpose.Token || !signingInput.Span.Contains((byte)'.'))
        {
            throw new InvalidOperationException("only a token key signs, and only tokens");
        }

        return _key.Sign(signingInput.Span);
    }

    /// <summary>Signs a list of the keys that verify tokens. Its text starts with a brace, which no token's signing input does.</summary>
    /// <param name="snapshot">The list: an object.</param>
    /// <param name="text">Receives what is signed: the compact JSON in the order of its members.</param>
    /// <exception cref="InvalidOperationException">The key is not for tokens, or the list is no object.</exception>
    public byte[] SignKeySnapshot(JsonValue snapshot, out byte[] text)
    {
        if (Purpose != KeyPurpose.Token || snapshot.Kind != JsonKind.Object)
        {
            throw new InvalidOperationException("only a token key signs the list of the token keys");
        }

        text = JsonWriter.WriteAsReceived(snapshot);
        return _key.Sign(text);
    }

    /// <summary>Signs a checkpoint of the transparency log as a note. The text has newlines, which no envelope hash and no token has.</summary>
    /// <returns>The signed note (C2SP signed-note).</returns>
    /// <exception cref="InvalidOperationException">The key is not for the log.</exception>
    public string SignCheckpoint(Checkpoint checkpoint)
    {
        ThrowUnlessLog();
        var text = checkpoint.ToText();
        var keyId = SignedNote.KeyIdOf(checkpoint.Origin, SignedNote.Ed25519, PublicKey.Raw.Span);
        return SignedNote.Write(text, new NoteSignature(checkpoint.Origin, keyId, _key.Sign(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>Signs the root of the public receipt log. The root of a single leaf is that leaf: such a signature has the form of an
    /// envelope's, which is why no verifier may trust the log's key for anything else.</summary>
    /// <returns>The signature over the ASCII of the root in base64url, itself in base64url.</returns>
    /// <exception cref="InvalidOperationException">The key is not for the log.</exception>
    public string SignReceiptRoot(ReceiptTree tree)
    {
        ThrowUnlessLog();
        return Base64UrlText.Encode(_key.Sign(System.Text.Encoding.ASCII.GetBytes(Base64UrlText.Encode(tree.Root.Span))));
    }

    /// <summary>Signs a payload into an envelope.</summary>
    /// <param name="envelopeType">The type, which must be of the key's purpose.</param>
    /// <param name="payload">The payload, already checked by its schema.</param>
    /// <param name="issuedAt">The instant that the envelope names; the signature does not cover it.</param>
    /// <exception cref="InvalidOperationException">The type is not of this key's purpose, or the payload has a name that hashes differently elsewhere.</exception>
    public SignedEnvelope SignEnvelope(string envelopeType, JsonValue payload, DateTimeOffset issuedAt)
    {
        if (PurposeOf(envelopeType) != Purpose)
        {
            throw new InvalidOperationException($"a key of purpose {Purpose} does not sign a `{envelopeType}`");
        }

        if (PayloadGuard.FindUnsafeName(payload) is { } unsafeName)
        {
            throw new InvalidOperationException($"a payload with the member `{unsafeName}` is not signed");
        }

        // What is signed: the 43 ASCII characters of base64url(SHA-256(JCS(payload))). Written in JCS order, the payload
        // hashes the same for verifiers that re-serialise what they received.
        var canonical = JsonWriter.WriteCanonical(payload);
        var hash = Sha256.B64u(canonical);
        var signature = _key.Sign(System.Text.Encoding.ASCII.GetBytes(hash));
        return new SignedEnvelope(EnvelopeText.Write(envelopeType, canonical, hash, signature, PublicKey.Did, issuedAt), hash);
    }

    /// <summary>Signs an export bundle, whose hash it takes itself over everything but hash, algorithms and signature.</summary>
    /// <exception cref="InvalidOperationException">The key is not for receipts, or the export names another issuer.</exception>
    public JsonValue SignExport(ExportBundle export)
    {
        if (Purpose != KeyPurpose.Receipt || !string.Equals(export.IssuerDid, PublicKey.Did, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("only the receipt key signs exports, in its own name");
        }

        var parts = export.ToHashedParts();
        var hash = Sha256.OfCanonical(parts);
        return JsonValue.ObjectOf(
        [
            .. parts.Members,
            new JsonMember("bundle_hash_b64u", JsonValue.Of(hash)),
            new JsonMember("hash_algorithm", JsonValue.Of("SHA-256")),
            new JsonMember("signature_b64u", JsonValue.Of(Base64UrlText.Encode(_key.Sign(System.Text.Encoding.ASCII.GetBytes(hash))))),
            new JsonMember("algorithm", JsonValue.Of("Ed25519")),
        ]);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private void ThrowUnlessLog()
    {
        if (Purpose != KeyPurpose.Log)
        {
            throw new InvalidOperationException("only the log's key signs for the log");
        }
    }

    private static KeyPurpose PurposeOf(string envelopeType) => envelopeType switch
    {
        EnvelopeTypes.GatewayReceipt or EnvelopeTypes.ToolReceipt or EnvelopeTypes.SideEffectReceipt or EnvelopeTypes.DelegationReceipt
            or EnvelopeTypes.IssuanceRecord => KeyPurpose.Receipt,
        EnvelopeTypes.WorkPolicyContract => KeyPurpose.Policy,
        EnvelopeTypes.HumanApprovalReceipt => KeyPurpose.Approval,
        EnvelopeTypes.ProofBundle or EnvelopeTypes.EventChain => KeyPurpose.Agent,
        _ => KeyPurpose.Unspecified,
    };
}
