using System.Security.Cryptography;
using System.Text;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// Tells which client asks: <c>client_secret_basic</c> and <c>client_secret_post</c> (RFC 6749 section 2.3.1). Secrets are compared by their hash, in
/// a time that tells nothing, and are never written anywhere.
/// </summary>
internal sealed class ClientAuthentication
{
    private const string Scheme = "Basic ";
    private const int CredentialLengthMax = 4096;

    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly OAuthSettings _settings;

    public ClientAuthentication(OAuthSettings settings) => _settings = settings;

    /// <summary>Gets whether any client is known.</summary>
    public bool HasClients => !_settings.Clients.IsEmpty;

    /// <summary>Looks for a client's credentials.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="form">The request's form.</param>
    /// <param name="error">Receives what is wrong with them; <see langword="null"/> when nothing is, as when there are none.</param>
    /// <returns>The client; <see langword="null"/> when there are no credentials, or they are wrong.</returns>
    public OAuthClient? Authenticate(IHeaderDictionary headers, FormParameters form, out OAuthError? error)
    {
        error = null;
        var authorization = headers.Authorization.ToString();
        var isBasic = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var posted = form.Find("client_secret");
        if (isBasic && posted is not null)
        {
            error = OAuthError.Request("the client authenticates itself in two ways");
            return null;
        }

        if (!isBasic && posted is null)
        {
            return null;
        }

        var (id, secret) = isBasic ? ReadBasic(authorization[Scheme.Length..]) : (form.Find("client_id"), posted);
        if (isBasic && form.Find("client_id") is { } named && !string.Equals(named, id, StringComparison.Ordinal))
        {
            error = OAuthError.Request("client_id is another client's");
            return null;
        }

        var client = Find(id, secret);
        error = client is null ? OAuthError.Client("the client is not known, or its secret is wrong") : null;
        return client;
    }

    private static (string? Id, string? Secret) ReadBasic(string credentials)
    {
        if (credentials.Length > CredentialLengthMax)
        {
            return (null, null);
        }

        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials.Trim(), bytes, out var length))
        {
            return (null, null);
        }

        var text = bytes.AsSpan(0, length);
        var colon = text.IndexOf((byte)':');
        return colon < 0 ? (null, null) : (FormParameters.Decode(text[..colon]), FormParameters.Decode(text[(colon + 1)..]));
    }

    // An unknown client takes as long as a known one with another secret.
    private OAuthClient? Find(string? id, string? secret)
    {
        var client = _settings.Clients.FirstOrDefault(known => string.Equals(known.ClientId, id, StringComparison.Ordinal));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ""), hash);
        var isSame = CryptographicOperations.FixedTimeEquals(hash, client is null ? NoHash : client.SecretHash.Span);
        return isSame && secret is not null ? client : null;
    }
}
