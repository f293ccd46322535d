using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>An OpenID provider on loopback in the test's own process: real discovery, key set and RS256 ID tokens, and nothing else.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Group = "platform-engineers";

    private const int KeySizeBits = 2048;
    private const int RequestSizeMaxBytes = 8192;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RSA _rsa = RSA.Create(KeySizeBits);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public LocalIssuer()
    {
        _listener.Start();
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Signs an ID token for a user of the mapped group.</summary>
    public string Mint(string user = "alice")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = string.Create(CultureInfo.InvariantCulture, $$"""{"iss":"{{Url}}","aud":"clawpdp-agent","sub":"{{user}}","iat":{{now}},"exp":{{now + 3600}},"groups":["{{Group}}"]}""");
        var signed = Encode("""{"alg":"RS256","kid":"local-1","typ":"JWT"}"""u8) + "." + Encode(Encoding.UTF8.GetBytes(claims));
        return signed + "." + Encode(_rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
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

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            var request = await ReadHeadAsync(stream);
            var body = request.StartsWith("GET /keys ", StringComparison.Ordinal) ? KeySet() : Discovery();
            var answer = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stopping.Token);
        }
        catch (IOException)
        {
            // A client that was killed while it asked.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
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
        {"issuer":"{{Url}}","authorization_endpoint":"{{Url}}/authorize","token_endpoint":"{{Url}}/token","jwks_uri":"{{Url}}/keys","response_types_supported":["id_token"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}
        """;

    private string KeySet()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"local-1","n":"{{Encode(key.Modulus)}}","e":"{{Encode(key.Exponent)}}"}]}""";
    }
}
