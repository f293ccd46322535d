using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>An OpenID provider on loopback in the test's own process: real discovery, key set and RS256 ID tokens, and nothing else.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Group = "platform-engineers";

    private const int KeySizeBits = 2048;
    private const int RequestSizeMaxBytes = 8192;
    private const int HugeBytes = 1 << 20;
    private const string Well = "200 OK";

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RSA _rsa = RSA.Create(KeySizeBits);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IssuerFault _fault;
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;

    /// <param name="fault">What it does wrong.</param>
    public LocalIssuer(IssuerFault fault = IssuerFault.None)
    {
        _fault = fault;
        _certificate = fault == IssuerFault.UntrustedCertificate ? Certificate() : null;
        if (fault == IssuerFault.Absent)
        {
            // The port is taken, so that nobody else listens there, and refuses who comes.
            _listener.Server.Bind(_listener.LocalEndpoint);
        }
        else
        {
            _listener.Start();
        }

        Url = string.Create(CultureInfo.InvariantCulture, $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{(_listener.Server.LocalEndPoint as IPEndPoint)?.Port}");
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Signs an ID token for a user of the mapped group.</summary>
    public string Mint(string user = "alice", string audience = "clawpdp-agent", int lifetimeSeconds = 3600, string key = "local-1", string? issuer = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = string.Create(CultureInfo.InvariantCulture, $$"""{"iss":"{{issuer ?? Url}}","aud":"{{audience}}","sub":"{{user}}","iat":{{now}},"exp":{{now + lifetimeSeconds}},"groups":["{{Group}}"]}""");
        var signed = Encode(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{key}}","typ":"JWT"}""")) + "." + Encode(Encoding.UTF8.GetBytes(claims));
        return signed + "." + Encode(_rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
        _certificate?.Dispose();
        _rsa.Dispose();
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await AnswerAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or SocketException)
        {
            // The test is over: the listener was stopped while it waited, or before it waited again.
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            await using var plain = client.GetStream();
            await using Stream stream = _certificate is null ? plain : await SecureAsync(plain);
            var request = await ReadHeadAsync(stream);
            await (request.StartsWith("GET /keys ", StringComparison.Ordinal) ? SendKeysAsync(stream) : SendAsync(stream, _fault == IssuerFault.Failing ? "503 Service Unavailable" : Well, Discovery()));
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // A client that was killed while it asked, has had enough, or does not trust us.
        }
    }

    private async Task<SslStream> SecureAsync(NetworkStream plain)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
        return secure;
    }

    private async Task SendKeysAsync(Stream stream)
    {
        switch (_fault)
        {
            case IssuerFault.SilentKeys:
                // Until whoever asks goes away.
                _ = await stream.ReadAsync(new byte[1], _stopping.Token);
                break;
            case IssuerFault.DrippingKeys:
                await DripAsync(stream);
                break;
            default:
                await SendAsync(stream, _fault == IssuerFault.Failing ? "503 Service Unavailable" : Well, _fault switch
                {
                    IssuerFault.GarbageKeys => "<html>not a key set</html>",
                    IssuerFault.HugeKeys => KeySet()[..^1] + ",\"more\":\"" + new string('x', HugeBytes) + "\"}",
                    IssuerFault.EmptyKeys => """{"keys":[]}""",
                    _ => KeySet(),
                });
                break;
        }
    }

    private async Task DripAsync(Stream stream)
    {
        var answer = Encoding.ASCII.GetBytes(Head(Well, KeySet()) + KeySet());
        foreach (var letter in answer)
        {
            await stream.WriteAsync(new[] { letter }, _stopping.Token);
            await Task.Delay(Drip, _stopping.Token);
        }
    }

    private async Task SendAsync(Stream stream, string status, string body) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(status, body) + body), _stopping.Token);

    private static string Head(string status, string body) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var buffer = new byte[RequestSizeMaxBytes];
        var length = 0;
        while (length < buffer.Length && !Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer.AsMemory(length), _stopping.Token);
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private string Discovery() => $$"""
        {"issuer":"{{(_fault == IssuerFault.OtherName ? Url + "/other" : Url)}}","authorization_endpoint":"{{Url}}/authorize","token_endpoint":"{{Url}}/token","jwks_uri":"{{Url}}/keys","response_types_supported":["id_token"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}
        """;

    private string KeySet()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"local-1","n":"{{Encode(key.Modulus)}}","e":"{{Encode(key.Exponent)}}"}]}""";
    }
}
