using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The ways to get a token, and to ask what one is worth.</summary>
internal static class TokenDoors
{
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string IdTokenType = "urn:ietf:params:oauth:token-type:id_token";
    private const string Client = "agent-host";

    private static readonly string Secret = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Gets the columns where a token is asked for.</summary>
    public static IReadOnlyList<MatrixDoor> Issuance { get; } =
    [
        new("gRPC: IssueCst", MatrixDoor.OfIssuance, IssueAsync),
        new("Connect: IssueCst", MatrixDoor.OfIssuance, ConnectAsync),
        new("OAuth: token exchange", MatrixDoor.OfIssuance, ExchangeAsync),
        new("client for Python: IssueCst", MatrixDoor.OfIssuance, static place => place.Clients.AskAsync(MatrixLanguage.Python, "issue", place.Grpc, place.IdTokenPath)),
        new("client for TypeScript: IssueCst", MatrixDoor.OfIssuance, static place => place.Clients.AskAsync(MatrixLanguage.TypeScript, "issue", place.Grpc, place.IdTokenPath)),
        new("client for Go: IssueCst", MatrixDoor.OfIssuance, static place => place.Clients.AskAsync(MatrixLanguage.Go, "issue", place.Grpc, place.IdTokenPath)),
    ];

    /// <summary>Gets the columns where it is asked whether a token is good.</summary>
    public static IReadOnlyList<MatrixDoor> Introspection { get; } =
    [
        new("gRPC: IntrospectCst", MatrixDoor.OfIntrospection, IntrospectAsync),
        new("OAuth: introspection", MatrixDoor.OfIntrospection, OAuthIntrospectAsync),
    ];

    /// <summary>Gets the members of the configuration that let the client in.</summary>
    public static string Settings => $$"""
        , "doors": { "oauth": { "clients": [{ "client_id": "{{Client}}", "secret_sha256": "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)))}}", "may": ["exchange", "introspect"] }] } }
        """;

    private static DateTime Deadline => DateTime.UtcNow + MatrixDoor.Patience;

    private static async Task<string> IssueAsync(MatrixPlace place)
    {
        using var channel = GrpcChannel.ForAddress("http://" + place.Grpc);
        var request = new IssueCstRequest { IdToken = place.IdToken, AgentDid = PublishedSidecar.AgentDid, Audiences = { "clawpdp" } };
        return await MatrixWords.CallAsync(async () => MatrixWords.Of(await new TokenService.TokenServiceClient(channel).IssueCstAsync(request, deadline: Deadline)));
    }

    private static async Task<string> IntrospectAsync(MatrixPlace place)
    {
        using var channel = GrpcChannel.ForAddress("http://" + place.Grpc);
        return await MatrixWords.CallAsync(async () =>
            (await new TokenService.TokenServiceClient(channel).IntrospectCstAsync(new IntrospectCstRequest { Token = place.Token }, deadline: Deadline)).Active ? MatrixDoor.Active : MatrixDoor.Inactive);
    }

    private static async Task<string> ConnectAsync(MatrixPlace place)
    {
        using var client = new HttpClient { Timeout = MatrixDoor.Patience };
        using var content = new StringContent($$"""{"idToken":"{{place.IdToken}}","agentDid":"{{PublishedSidecar.AgentDid}}","audiences":["clawpdp"]}""");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await MatrixWords.RequestAsync(() => client.PostAsync(new Uri($"http://{place.Http}/clawpdp.v1.TokenService/IssueCst"), content), static (_, bytes) =>
            MatrixWords.Member(bytes, "issued", "cst").Length > 0 ? MatrixDoor.Issued : MatrixWords.Bare(MatrixWords.Member(bytes, "refusal", "reasonCode")));
    }

    private static Task<string> ExchangeAsync(MatrixPlace place) => PostAsync(
        place,
        "token",
        [new("grant_type", Exchange), new("subject_token", place.IdToken), new("subject_token_type", IdTokenType), new("agent_did", PublishedSidecar.AgentDid)],
        static bytes => MatrixWords.Member(bytes, "access_token").Length > 0 ? MatrixDoor.Issued : MatrixWords.Member(bytes, "reason_code"));

    private static Task<string> OAuthIntrospectAsync(MatrixPlace place) => PostAsync(place, "introspect", [new("token", place.Token)], static bytes => MatrixWords.Member(bytes, "active") switch
    {
        "True" => MatrixDoor.Active,
        "False" => MatrixDoor.Inactive,
        _ => MatrixWords.ReasonIn(Encoding.UTF8.GetString(bytes)),
    });

    private static async Task<string> PostAsync(MatrixPlace place, string endpoint, IEnumerable<KeyValuePair<string, string>> form, Func<byte[], string> read)
    {
        using var client = new HttpClient { Timeout = MatrixDoor.Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Client}:{Secret}")));
        using var content = new FormUrlEncodedContent(form);
        return await MatrixWords.RequestAsync(() => client.PostAsync(new Uri($"http://{place.Http}/oauth2/{endpoint}"), content), (_, bytes) => read(bytes));
    }
}
