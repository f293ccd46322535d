using ClawPdp.Core.Json;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Http;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Serves <c>/.well-known/clawsig.json</c>: which receipts are made here, and with which keys.</summary>
internal sealed class ClawsigDocument
{
    private static readonly string[] ReceiptTypes = ["gateway", "tool", "side_effect", "human_approval"];

    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly OAuthSettings _settings;
    private readonly TimeProvider _time;

    public ClawsigDocument(KeyRingStore keys, RevocationView revocations, OAuthSettings settings, TimeProvider time)
    {
        _keys = keys;
        _revocations = revocations;
        _settings = settings;
        _time = time;
    }

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var keys = ReceiptKeys.Accepted(_keys.Current, _revocations, _time.GetUtcNow()).Select(static key => new JsonObjectBuilder()
            .Add("kid", key.PublicKey.KeyId)
            .Add("did", key.PublicKey.Did)
            .Add("algorithm", "Ed25519")
            .Add("use", "receipt-signing")
            .AddIfPresent("expires_at", key.NotAfter is { } end ? Core.Encoding.Rfc3339.Format(end) : null)
            .Build());
        return HttpJson.WriteAsync(context, new JsonObjectBuilder()
            .Add("version", "1")
            .Add("protocol_version", "0.1")
            .AddIfPresent("capability_endpoint", _settings.PublicUrl is { } url ? url + OAuthPaths.Token : null)
            .Add("supported_receipt_types", JsonValue.ArrayOf(ReceiptTypes))
            .Add("default_coverage", "MTS")
            .Add("public_keys", JsonValue.ArrayOf([.. keys]))
            .Build());
    }
}
