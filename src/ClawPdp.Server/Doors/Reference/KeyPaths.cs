using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Http;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Time;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>Serves what there is to know about the keys that verify CSTs.</summary>
internal sealed class KeyPaths
{
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromSeconds(300);

    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly long _overlapSeconds;
    private readonly TimeProvider _time;
    private KeySnapshot? _snapshot;

    public KeyPaths(KeyRingStore keys, RevocationView revocations, ServerSettings settings, TimeProvider time)
    {
        _keys = keys;
        _revocations = revocations;
        _overlapSeconds = (long)settings.Keys.TokenOverlap.TotalSeconds;
        _time = time;
    }

    /// <summary>Names the issuer by its key: a flat object, not a DID document, as the public issuer has it.</summary>
    public Task GetDidAsync(HttpContext context)
    {
        var key = _keys.Current.SignerOf(KeyPurpose.Token).PublicKey;
        return HttpJson.WriteAsync(context, new JsonObjectBuilder()
            .Add("did", key.Did)
            .Add("kid", key.KeyId)
            .Add("public_key_b64u", Base64UrlText.Encode(key.Raw.Span))
            .Build());
    }

    /// <summary>Says which keys sign and which only verify.</summary>
    public Task GetContractAsync(HttpContext context)
    {
        var names = KeyNames.Of(_keys.Current, _revocations, _time.GetUtcNow());
        return HttpJson.WriteAsync(context, new JsonObjectBuilder()
            .Add("contract_version", "2")
            .Add("key_algorithm", "Ed25519")
            .Add("active_kid", names.Active)
            .Add("accepted_kids", JsonValue.ArrayOf(names.Accepted))
            .Add("signing_kids", JsonValue.ArrayOf(names.Signing))
            .Add("verify_only_kids", JsonValue.ArrayOf(names.VerifyOnly))
            .Add("overlap_seconds", _overlapSeconds)
            .Add("overlap_window_open", JsonValue.Of(names.Accepted.Length > 1))
            .Add("expiring_kids", names.Expiring)
            .Add("revocation_stream_endpoint", "/v1/revocations/stream")
            .Add("jwks_endpoint", "/v1/jwks")
            .Build());
    }

    /// <summary>Gives the signed list of the keys, at most five minutes old and never of another set of keys.</summary>
    public Task GetSnapshotAsync(HttpContext context)
    {
        var (ring, now) = (_keys.Current, _time.GetUtcNow());
        var names = KeyNames.Of(ring, _revocations, now);
        var snapshot = Volatile.Read(ref _snapshot);
        if (snapshot is null || !ReferenceEquals(snapshot.Ring, ring) || snapshot.AcceptedCount != names.Accepted.Length || now - snapshot.GeneratedAt > SnapshotAge || now < snapshot.GeneratedAt)
        {
            if (!TrySign(ring, names, now, out var signed))
            {
                return HttpJson.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, ReasonCatalog.NameOf(ReasonCode.SignerUnavailable), "the signer that holds the key of tokens gives no signature");
            }

            snapshot = new KeySnapshot(ring, names.Accepted.Length, now, signed);
            Volatile.Write(ref _snapshot, snapshot);
        }

        return HttpJson.WriteAsync(context, snapshot.Document);
    }

    private bool TrySign(SigningRing ring, KeyNames names, DateTimeOffset now, [NotNullWhen(true)] out JsonValue? signed)
    {
        try
        {
            signed = Sign(ring, names, now);
            return true;
        }
        catch (SignerUnavailableException)
        {
            signed = null;
            return false;
        }
    }

    // What is hashed and signed is the compact JSON of the first nine members in this order; the signature is over that text itself.
    private JsonValue Sign(SigningRing ring, KeyNames names, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var signed = new JsonObjectBuilder()
            .Add("snapshot_version", "1")
            .Add("generated_at", seconds)
            .Add("generated_at_iso", ReferenceText.Time(seconds))
            .Add("active_kid", names.Active)
            .Add("accepted_kids", JsonValue.ArrayOf(names.Accepted))
            .Add("signing_kids", JsonValue.ArrayOf(names.Signing))
            .Add("verify_only_kids", JsonValue.ArrayOf(names.VerifyOnly))
            .Add("expiring_kids", names.Expiring)
            .Add("overlap_seconds", _overlapSeconds)
            .Build();
        var key = ring.SignerOf(KeyPurpose.Token);
        var signature = key.SignKeySnapshot(signed, out var text);
        return JsonValue.ObjectOf(
        [
            .. signed.Members,
            new JsonMember("snapshot_id", JsonValue.Of($"kts_{ReferenceText.Number(seconds)}_{names.Active}")),
            new JsonMember("snapshot_hash_b64u", JsonValue.Of(Sha256.B64u(text))),
            new JsonMember("signer_kid", JsonValue.Of(key.PublicKey.KeyId)),
            new JsonMember("signature_b64u", JsonValue.Of(Base64UrlText.Encode(signature))),
        ]);
    }
}
