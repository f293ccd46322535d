using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ClawPdp.Core.Faults;
using ClawPdp.Identity.Issuers;
using ClawPdp.Identity.Tokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ClawPdp.Identity.Keys;

/// <summary>
/// Fetches an issuer's discovery document and then its keys, within one time limit. Owns the connections.
/// </summary>
internal sealed class KeyFetcher : IDisposable
{
    private const int ResponseHeadersMaxKibibytes = 32;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly IssuerSettings _settings;
    private readonly TimeProvider _timeProvider;
    private readonly Uri _discoveryUrl;
    private readonly bool _isLoopback;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    // How far our clock is ahead of the issuer's in ticks; the least number while that is not known.
    private long _aheadTicks = long.MinValue;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="settings">The issuer.</param>
    /// <param name="timeProvider">The clock of the time limit.</param>
    /// <param name="resolve">Gives the addresses of a name.</param>
    public KeyFetcher(
        IssuerSettings settings, TimeProvider timeProvider, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _settings = settings;
        _timeProvider = timeProvider;
        _discoveryUrl = IssuerUrl.Discovery(settings.Issuer);
        _isLoopback = IssuerUrl.IsLoopback(_discoveryUrl);
        var connector = new GuardedConnector(new AddressRule(_isLoopback, settings.AllowPrivateAddresses), usesProxy: !_isLoopback, resolve);
        _handler = CreateHandler(settings, connector, useProxy: !_isLoopback);

        // The limit on time is FetchAsync's, on our clock.
        _client = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Gets by how much our clock is ahead of the issuer's, by the <c>Date</c> of its last answer; <see langword="null"/> when it gave none.</summary>
    public TimeSpan? ClockAhead => Volatile.Read(ref _aheadTicks) is not long.MinValue and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Fetches once. Reasons of failures are in our own words and hold nothing that the issuer sent.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> was cancelled.</exception>
    public async Task<Result<KeySet>> FetchAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(_settings.FetchTimeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            return await FetchBothAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return Failed("the issuer did not answer in time");
        }
        catch (HttpRequestException exception) when (exception.InnerException is AddressRefusedException refused)
        {
            return Failed(refused.Message);
        }
        catch (HttpRequestException exception)
        {
            return Failed($"the request failed: {exception.HttpRequestError}");
        }
        catch (IOException)
        {
            return Failed("the connection broke");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(IssuerSettings settings, GuardedConnector connector, bool useProxy) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = settings.FetchTimeout,
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = ResponseHeadersMaxKibibytes,
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
        UseProxy = useProxy,
    };

    // What a cache gives says of what time it is from, and for how long it has it (RFC 9111, section 5.1).
    private TimeSpan? AheadOf(HttpResponseHeaders headers) => headers.Date is { } theirs ? _timeProvider.GetUtcNow() - theirs - (headers.Age ?? TimeSpan.Zero) : null;

    private static Result<KeySet> Failed(string reason) => Result.Invalid<KeySet>("", reason);

    private async Task<Result<KeySet>> FetchBothAsync(CancellationToken cancellationToken)
    {
        var discovery = await GetAsync(_discoveryUrl, cancellationToken);
        if (!discovery.TryGet(out var discoveryBytes))
        {
            return Failed($"discovery: {discovery.Faults[0].Message}");
        }

        var located = ReadDiscovery(discoveryBytes);
        if (!located.TryGet(out var keySetUrl))
        {
            return Failed($"discovery: {located.Faults[0].Message}");
        }

        var keySet = await GetAsync(keySetUrl, cancellationToken);
        return keySet.TryGet(out var keySetBytes)
            ? KeySetReader.Read(keySetBytes)
            : Failed($"keys: {keySet.Faults[0].Message}");
    }

    private static OpenIdConnectConfiguration? Parse(JsonElement document)
    {
        try
        {
            return OpenIdConnectConfiguration.Create(document.GetRawText());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private Result<Uri> ReadDiscovery(byte[] utf8)
    {
        if (!StrictJson.TryParseObject(utf8, out var document) || Parse(document) is not { } configuration)
        {
            return Result.Invalid<Uri>("", "the document is not a discovery document with unique members");
        }

        if (!string.Equals(configuration.Issuer, _settings.Issuer, StringComparison.Ordinal))
        {
            return Result.Invalid<Uri>("", "the document is for another issuer");
        }

        var url = IssuerUrl.KeySet(configuration.JwksUri, _isLoopback);
        if (url is null)
        {
            return Result.Invalid<Uri>(
                "", "the address of the keys is not https, or http on loopback for a loopback issuer");
        }

        return IsExpected(url)
            ? Result.Valid(url)
            : Result.Invalid<Uri>("", "the keys are on a host that is not on the issuer's list");
    }

    private bool IsExpected(Uri url) =>
        _settings.KeyHosts is not { } hosts
        || string.Equals(url.IdnHost, _discoveryUrl.IdnHost, StringComparison.OrdinalIgnoreCase)
        || hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase);

    private async Task<Result<byte[]>> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Volatile.Write(ref _aheadTicks, AheadOf(response.Headers) is { } ahead ? ahead.Ticks : long.MinValue);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Result.Invalid<byte[]>("", $"the answer has status {(int)response.StatusCode}");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await ReadAsync(body, _settings.ResponseSizeMaxBytes, cancellationToken);
    }

    private static async Task<Result<byte[]>> ReadAsync(
        Stream body, int sizeMaxBytes, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[8 * 1024];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (read.Length + count > sizeMaxBytes)
            {
                return Result.Invalid<byte[]>("", $"the answer is larger than {sizeMaxBytes} bytes");
            }

            await read.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return Result.Valid(read.ToArray());
    }
}
