using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>An identity provider on loopback that answers as told and counts what it is asked.</summary>
public sealed class StubIdentityProvider : IAsyncDisposable
{
    public const string DiscoveryPath = "/.well-known/openid-configuration";

    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrivals = new(0);
    private int _discoveryCount;
    private int _keySetCount;

    private StubIdentityProvider(WebApplication app)
    {
        _app = app;
        Discovery = context => AnswerAsync(context, DiscoveryDocument());
        KeySet = context => AnswerAsync(context, KeySetDocument());
    }

    public string Issuer { get; private set; } = "";

    public string Origin { get; private set; } = "";

    public IReadOnlyList<RawObject> Keys { get; set; } = [SigningKey.Rsa1.Jwk()];

    public RequestDelegate Discovery { get; set; }

    public RequestDelegate KeySet { get; set; }

    public int DiscoveryCount => Volatile.Read(ref _discoveryCount);

    public int KeySetCount => Volatile.Read(ref _keySetCount);

    public static async Task<StubIdentityProvider> StartAsync(string path = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var stub = new StubIdentityProvider(builder.Build());
        stub._app.Run(stub.DispatchAsync);
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        stub.Origin = stub._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First() ?? "";
        stub.Issuer = stub.Origin + path;
        return stub;
    }

    public static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public static RequestDelegate Text(string text) => context => AnswerAsync(context, text);

    public static RequestDelegate Redirect(string location) => context =>
    {
        context.Response.Redirect(location);
        return Task.CompletedTask;
    };

    public static async Task HangAsync(HttpContext context)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
    }

    public RawObject DiscoveryObject() =>
        new RawObject().With("issuer", $"\"{Issuer}\"").With("jwks_uri", $"\"{Origin}/keys\"");

    public string DiscoveryDocument() => DiscoveryObject().ToString();

    public string KeySetDocument() => $"{{\"keys\":[{string.Join(',', Keys)}]}}";

    /// <summary>Waits for one more request, of either kind, to arrive.</summary>
    public Task ArrivalAsync() => _arrivals.WaitAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
    }

    private Task DispatchAsync(HttpContext context)
    {
        var isDiscovery = context.Request.Path.Value?.EndsWith(DiscoveryPath, StringComparison.Ordinal) ?? false;
        if (isDiscovery)
        {
            Interlocked.Increment(ref _discoveryCount);
        }
        else
        {
            Interlocked.Increment(ref _keySetCount);
        }

        _arrivals.Release();
        return isDiscovery ? Discovery(context) : KeySet(context);
    }
}
