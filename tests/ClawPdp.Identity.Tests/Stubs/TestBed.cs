using System.Buffers.Text;
using System.Net;
using System.Text;

namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>One identity provider, one validator that trusts it, and a clock that the test moves.</summary>
public sealed class TestBed : IAsyncDisposable
{
    public const int KeysFetched = 2000;
    public const int KeyFetchFailed = 2001;
    public const long Now = 1_767_225_600;

    private TestBed(StubIdentityProvider provider, Func<string, IssuerDocument> configure, Func<string, IPAddress[]>? resolve)
    {
        Provider = provider;
        var settings = IssuerSettings.Create(configure(provider.Issuer)).Value;
        Source = resolve is null
            ? new IssuerKeySource(settings, Time, SourceLog)
            : new IssuerKeySource(settings, Time, SourceLog, (host, _) => Task.FromResult(resolve(host)));
        Validator = new IdTokenValidator([Source], Time, ValidatorLog);
    }

    public JumpingClock Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public RecordingLogger<IssuerKeySource> SourceLog { get; } = new();

    public RecordingLogger<IdTokenValidator> ValidatorLog { get; } = new();

    public StubIdentityProvider Provider { get; }

    public IssuerKeySource Source { get; }

    public IdTokenValidator Validator { get; }

    public static async Task<TestBed> StartAsync(Func<string, IssuerDocument>? configure = null, string path = "", Func<string, IPAddress[]>? resolve = null) =>
        new(await StubIdentityProvider.StartAsync(path), configure ?? Document, resolve);

    public static IssuerDocument Document(string issuer) => new() { Issuer = issuer, ClientIds = ["client-1", "client-2"] };

    public static RawObject Header(string algorithm, string keyId) =>
        new RawObject().With("alg", $"\"{algorithm}\"").With("kid", $"\"{keyId}\"").With("typ", "\"JWT\"");

    public static string Token(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Seconds(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A good set of claims, issued ten seconds ago and good for five minutes.</summary>
    public RawObject Claims() => new RawObject()
        .With("iss", $"\"{Provider.Issuer}\"")
        .With("sub", "\"00u1abcd\"")
        .With("aud", "\"client-1\"")
        .With("iat", Seconds(Now - 10))
        .With("exp", Seconds(Now + 300))
        .With("groups", "[\"platform-engineers\",\"everyone\"]");

    public static string Sign(RawObject claims) => Sign(claims, SigningKey.Rsa1, "RS256");

    public static string Sign(RawObject claims, SigningKey key, string algorithm) =>
        Token(Header(algorithm, key.Id).ToString(), claims.ToString(), data => key.Sign(algorithm, data));

    public Task<IdentityResult> ValidateAsync(string? token) => Validator.ValidateAsync(token, TestContext.Current.CancellationToken);

    public async Task<IdentityFailure> RefusalAsync(string? token) => Assert.IsType<IdentityRefusal>(await ValidateAsync(token)).Code;

    public Task<IdentityFailure> RefusalAsync(RawObject claims) => RefusalAsync(Sign(claims));

    public async Task<VerifiedIdentity> AcceptAsync(string token)
    {
        var result = await ValidateAsync(token);
        return result is IdentityRefusal refusal
            ? throw new InvalidOperationException($"{refusal.Code}: {refusal.Message}")
            : Assert.IsType<VerifiedIdentity>(result);
    }

    public Task<VerifiedIdentity> AcceptAsync(RawObject claims) => AcceptAsync(Sign(claims));

    public async ValueTask DisposeAsync()
    {
        Source.Dispose();
        await Provider.DisposeAsync();
    }
}
