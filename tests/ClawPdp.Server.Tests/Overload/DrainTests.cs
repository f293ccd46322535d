using System.Collections.Concurrent;
using System.Globalization;
using ClawPdp.Ledger;
using ClawPdp.Server.Overload;
using ClawPdp.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>Stopping under load.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BusySidecar _sidecar = new();

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    [Trait("Door", "published")]
    public async Task Stop_UnderLoad_FinishesWhatIsUnderWayRefusesTheRestAndLosesNothing()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var acknowledged = new ConcurrentBag<string>();
        var refusals = new ConcurrentBag<RpcException>();
        using var channel = _sidecar.OwnChannel();
        var decisions = new DecisionService.DecisionServiceClient(channel);
        using var stream = decisions.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Cst = token, Tool = "github" } }, TestContext.Current.CancellationToken);
        Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var next = stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        var flood = Task.WhenAll(Enumerable.Range(0, 6).Select(caller => FloodAsync(channel, token, caller, acknowledged, refusals)));
        await WaitUntilAsync(() => acknowledged.Count >= 20);

        var isDone = await _sidecar.StopAsync().WaitAsync(Patience);
        await flood.WaitAsync(Patience);
        var ending = await Assert.ThrowsAsync<RpcException>(() => next).WaitAsync(Patience);

        Assert.True(isDone);
        Assert.True(ending.StatusCode == StatusCode.Unavailable, ending.ToString());
        Assert.All(refusals, static refusal => Assert.True(refusal.StatusCode == StatusCode.Unavailable, refusal.ToString()));
        await using var ledger = LedgerStore.Open(new LedgerSettings { DirectoryPath = _sidecar.Installation.DataDirectory }, TimeProvider.System, NullLogger.Instance);
        Assert.All(acknowledged, nonce => Assert.NotNull(ledger.FindByNonce("run-drain", nonce)));
        Assert.Null(ledger.VerifyChain(cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stop_DiskStandsStill_GivesUpAtTheDeadlineAndSaysSo()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var calls = _sidecar.Services.GetRequiredService<OpenCalls>();
        using var channel = _sidecar.OwnChannel();
        bool isDone;
        Task<SignReceiptResponse> call;
        using (_sidecar.HoldDisk())
        {
            call = new ReceiptService.ReceiptServiceClient(channel).SignReceiptAsync(BusySidecar.Receipt(token, "run-stuck", "n1")).ResponseAsync;
            await WaitUntilAsync(() => calls.CallCount == 1);

            isDone = await _sidecar.StopAsync().WaitAsync(Patience);
        }

        Assert.False(isDone);

        // Whatever becomes of it, it is not told that it is signed without being so.
        var outcome = await Record.ExceptionAsync(() => call.WaitAsync(Patience));
        Assert.True(outcome is RpcException || (await call).Receipt is null, "acknowledged, though the disk took nothing");
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var look = 0; look < 6_000 && !condition(); look++)
        {
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }

    private static async Task FloodAsync(ChannelBase channel, string token, int caller, ConcurrentBag<string> acknowledged, ConcurrentBag<RpcException> refusals)
    {
        var receipts = new ReceiptService.ReceiptServiceClient(channel);
        for (var call = 0; call < 20_000; call++)
        {
            var nonce = string.Create(CultureInfo.InvariantCulture, $"n{caller}-{call}");
            try
            {
                Assert.NotNull((await receipts.SignReceiptAsync(BusySidecar.Receipt(token, "run-drain", nonce))).Receipt);
                acknowledged.Add(nonce);
            }
            catch (RpcException refusal)
            {
                refusals.Add(refusal);
                return;
            }
        }
    }
}
