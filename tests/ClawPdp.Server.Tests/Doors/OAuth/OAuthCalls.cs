using System.Text;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>Calls the OAuth endpoints of a sidecar.</summary>
internal sealed class OAuthCalls : IDisposable
{
    public const string IdTokenType = "urn:ietf:params:oauth:token-type:id_token";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";
    public const string Token = "/oauth2/token";
    public const string Introspect = "/oauth2/introspect";
    public const string Revoke = "/oauth2/revoke";

    private readonly RunningSidecar _sidecar;
    private readonly HttpCaller _http;

    public OAuthCalls(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _http = new HttpCaller(sidecar);
    }

    /// <summary>Makes the header by which a client authenticates itself.</summary>
    public static (string Name, string Value) Basic(string client, string secret = OAuthSidecar.Secret) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(Uri.EscapeDataString(client) + ":" + Uri.EscapeDataString(secret))));

    /// <summary>Posts a form.</summary>
    public Task<HttpAnswer> PostAsync(string path, IEnumerable<(string Name, string Value)> form, params (string Name, string Value)[] headers) =>
        PostTextAsync(path, string.Join('&', form.Select(static pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}")), headers);

    /// <summary>Posts a form as it is.</summary>
    public Task<HttpAnswer> PostTextAsync(string path, string form, params (string Name, string Value)[] headers) => _http.PostAsync(path, form, "application/x-www-form-urlencoded", headers);

    /// <summary>Posts a body of another media type.</summary>
    public Task<HttpAnswer> PostAsAsync(string path, string body, string mediaType) => _http.PostAsync(path, body, mediaType);

    /// <summary>Gets a path.</summary>
    public Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => _http.GetAsync(path, headers);

    /// <summary>Gives the form of an exchange of a user's ID token, without or with other parameters than usual.</summary>
    public async Task<List<(string Name, string Value)>> ExchangeAsync(string user, params (string Name, string Value)[] changes)
    {
        var form = new List<(string Name, string Value)>
        {
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", await _sidecar.Client.SignInAsync(user)),
            ("subject_token_type", IdTokenType),
            ("audience", "clawpdp"),
            ("agent_did", _sidecar.Client.AgentDid),
        };
        form.RemoveAll(pair => changes.Any(change => change.Name == pair.Name));
        form.AddRange(changes);
        return form;
    }

    /// <summary>Gets a token of the canonical lane by gRPC.</summary>
    public async Task<string> CanonicalAsync(string user)
    {
        var request = new IssueCstRequest
        {
            IdToken = await _sidecar.Client.SignInAsync(user),
            AgentDid = _sidecar.Client.AgentDid,
            OwnerDid = "did:web:owner.example",
            ControllerDid = "did:web:controller.example",
        };
        request.Audiences.Add("clawpdp");
        return (await _sidecar.Client.Tokens.IssueCstAsync(request)).Issued.Cst;
    }

    public void Dispose() => _http.Dispose();
}
