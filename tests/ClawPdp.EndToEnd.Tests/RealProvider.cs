using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>The certified provider of <c>tests/providers</c>, and the sign-in that an agent host does: code flow with PKCE.</summary>
internal sealed class RealProvider : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RealProvider(ChildProcess process, string issuer)
    {
        _process = process;
        Issuer = issuer;
    }

    public string Issuer { get; }

    public static async Task<RealProvider> StartAsync(string folder)
    {
        var (process, line) = await ChildProcess.StartAsync("node", [Path.Combine(folder, "oidc-provider.mjs")], "\"issuer\"");
        return new RealProvider(process, JsonDocument.Parse(line).RootElement.GetProperty("issuer").GetString() ?? "");
    }

    /// <summary>Signs a user in.</summary>
    /// <returns>The ID token.</returns>
    public async Task<string> SignInAsync(string user, string client = "clawpdp-agent")
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true, CookieContainer = new System.Net.CookieContainer() };
        using var http = new HttpClient(handler);
        var verifier = Encode(RandomNumberGenerator.GetBytes(32));
        var challenge = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var redirect = Uri.EscapeDataString("http://127.0.0.1/callback");
        var location = new Uri($"{Issuer}/auth?client_id={client}&response_type=code&scope=openid%20groups&redirect_uri={redirect}&code_challenge={challenge}&code_challenge_method=S256&login_hint={user}");
        for (var hop = 0; location.AbsolutePath != "/callback"; hop++)
        {
            Assert.True(hop < 10, "too many redirects");
            using var response = await http.GetAsync(location);
            location = new Uri(location, response.Headers.Location ?? throw new InvalidOperationException(await response.Content.ReadAsStringAsync()));
        }

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = HttpUtility.ParseQueryString(location.Query)["code"] ?? "",
            ["redirect_uri"] = "http://127.0.0.1/callback",
            ["client_id"] = client,
            ["code_verifier"] = verifier,
        });
        using var token = await http.PostAsync(new Uri(Issuer + "/token"), form);
        return Text(await token.Content.ReadAsStringAsync(), "id_token");
    }

    /// <summary>Signs claims of the test's choice with the provider's own current key.</summary>
    public async Task<string> MintAsync(string claims)
    {
        using var http = new HttpClient();
        using var content = new StringContent(claims, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(Issuer + "/control/mint"), content);
        return Text(await response.Content.ReadAsStringAsync(), "id_token");
    }

    public Task RotateAsync(bool overlap) => PostAsync($"/control/rotate?overlap={(overlap ? "true" : "false")}");

    public Task ServeKeysAsync(string mode) => PostAsync("/control/jwks?mode=" + mode);

    public async Task<int> KeyFetchesAsync()
    {
        using var http = new HttpClient();
        return JsonDocument.Parse(await http.GetStringAsync(new Uri(Issuer + "/control/counts"))).RootElement.GetProperty("jwks").GetInt32();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Text(string json, string member) => JsonDocument.Parse(json).RootElement.GetProperty(member).GetString() ?? "";

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private async Task PostAsync(string path)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(Issuer + path), content: null);
        response.EnsureSuccessStatusCode();
    }
}
