using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using PublicKey = ClawPdp.Core.Tokens.HolderKey;

namespace ClawPdp.Client;

/// <summary>
/// The key that tokens are bound to (RFC 7800): with each call it proves that the caller holds it, by a DPoP proof JWT (RFC 9449). Ed25519 or P-256. Nothing that
/// it prints or throws holds the private part. Safe for concurrent use, where the signer is.
/// </summary>
public sealed class HolderKey : IDisposable
{
    private readonly PublicKey _key;
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> _sign;
    private readonly IDisposable? _owned;

    internal HolderKey(PublicKey key, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign, IDisposable? owned)
    {
        _key = key;
        _sign = sign;
        _owned = owned;
        Thumbprint = key.Thumbprint;
    }

    /// <summary>Gets the SHA-256 thumbprint of the public key (RFC 7638), by which a token names it: base64url, 43 characters.</summary>
    public string Thumbprint { get; }

    /// <summary>Gets the public key as a JSON Web Key (RFC 7517).</summary>
    public string PublicJwk => JsonWriter.CanonicalText(_key.ToJson());

    /// <summary>Takes a private key.</summary>
    /// <param name="text">A JSON Web Key with its private part, or PKCS #8 in PEM: Ed25519 (RFC 8037, RFC 8410) or P-256.</param>
    /// <exception cref="FormatException">It is none of these, or its parts are of different keys. Nothing of it stands in the message.</exception>
    public static HolderKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return HolderKeyReader.Read(text);
    }

    /// <summary>Takes an Ed25519 key.</summary>
    /// <param name="key">The key, which is not disposed of here.</param>
    public static HolderKey FromEd25519(ISigner key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new HolderKey(PublicKey.OfEd25519(key.PublicKey.Raw), (message, _) => ValueTask.FromResult(key.Sign(message.Span)), owned: null);
    }

    /// <summary>Takes a key that is elsewhere, such as in hardware.</summary>
    /// <param name="publicJwk">Its public part, a JSON Web Key of Ed25519 or P-256.</param>
    /// <param name="sign">
    /// Signs bytes: 64 bytes, as EdDSA (RFC 8037) or ES256 (RFC 7518 section 3.4: R and S, with SHA-256) has them. It is called for each call, within its time limit. What it throws
    /// is a denial with the reason CLIENT_PROOF.
    /// </param>
    /// <exception cref="FormatException">The public part is none, or has a private one.</exception>
    public static HolderKey FromSigner(string publicJwk, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>> sign)
    {
        ArgumentNullException.ThrowIfNull(publicJwk);
        ArgumentNullException.ThrowIfNull(sign);

        // One that does not end must not outlive its call.
        return new HolderKey(HolderKeyReader.ReadPublic(publicJwk), async (message, cancellation) => await sign(message, cancellation).AsTask().WaitAsync(cancellation), owned: null);
    }

    /// <summary>Makes a proof for one request. The client makes those of its own calls itself; this is for requests by other ways, such as HTTP with the header <c>dpop</c>.</summary>
    /// <param name="method">The method, such as <c>POST</c>, which all calls by gRPC have.</param>
    /// <param name="target">The address: scheme, authority and path. Query and fragment are left out.</param>
    /// <param name="token">The token that comes with the request; empty: none.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellation">Ends the wait for the signer.</param>
    /// <exception cref="HolderProofException">The key could not sign.</exception>
    public ValueTask<string> ProveAsync(string method, string target, string token, DateTimeOffset now, CancellationToken cancellation = default) =>
        ProveAsync(method, target, token, now, Guid.NewGuid().ToString("D"), cancellation);

    /// <summary>Says no more than the thumbprint.</summary>
    public override string ToString() => $"the holder's key {Thumbprint}";

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    /// <summary>Makes a proof with an id of the caller's choice. The order of the members is that of the shared vectors.</summary>
    internal async ValueTask<string> ProveAsync(string method, string target, string token, DateTimeOffset now, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(target);
        var header = new JsonObjectBuilder().Add("typ", "dpop+jwt").Add("alg", _key.Algorithm).Add("jwk", _key.ToJson()).Build();
        var end = target.AsSpan().IndexOfAny('?', '#');
        var claims = new JsonObjectBuilder()
            .Add("jti", id)
            .Add("htm", method)
            .Add("htu", end < 0 ? target : target[..end])
            .Add("iat", JsonValue.Of(now.ToUnixTimeMilliseconds() / 1000.0))
            .AddIfPresent("ath", string.IsNullOrEmpty(token) ? null : Sha256.B64u(Encoding.UTF8.GetBytes(token)))
            .Build();
        var signed = $"{Base64UrlText.Encode(JsonWriter.WriteAsReceived(header))}.{Base64UrlText.Encode(JsonWriter.WriteAsReceived(claims))}";
        return $"{signed}.{Base64UrlText.Encode(await SignAsync(Encoding.ASCII.GetBytes(signed), cancellation))}";
    }

    private async ValueTask<byte[]> SignAsync(byte[] message, CancellationToken cancellation)
    {
        byte[]? signature = null;
        var fault = "the holder's key gave no signature of 64 bytes";
        try
        {
            signature = await _sign(message, cancellation);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException))
        {
            // What it says could hold what nobody may see.
            fault = $"the holder's key could not sign: {exception.GetType().Name}";
        }

        return signature is { Length: HolderKeyReader.SignatureSizeBytes } ? signature : throw new HolderProofException(fault);
    }
}
