using System.Collections.Concurrent;
using System.Globalization;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>One who takes all it can get, beside others.</summary>
[Trait("Door", "published")]
public sealed class FairnessTests : IAsyncLifetime
{
    private const int ConnectionCount = 4;
    private const int CallersPerConnection = 16;
    private const int CallsPerCaller = 60;

    private readonly BusySidecar _sidecar = new();

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task SignReceipt_OneTokenOnManyConnectionsFloods_IsRefusedWithAHintAndThePoliteNever()
    {
        var greedy = await _sidecar.TokenOfAsync("alice");
        var polite = await _sidecar.TokenOfAsync("alice");
        var refusals = new ConcurrentBag<RpcException>();
        var signed = new ConcurrentBag<string>();
        var flood = Task.WhenAll(Enumerable.Range(0, ConnectionCount).Select(connection => FloodAsync(connection, greedy, refusals, signed)));
        using var channel = _sidecar.OwnChannel();
        var receipts = new ReceiptService.ReceiptServiceClient(channel);

        var politeCount = 0;
        for (; politeCount < 20 || (!flood.IsCompleted && politeCount < 5_000); politeCount++)
        {
            var nonce = string.Create(CultureInfo.InvariantCulture, $"n{politeCount}");
            Assert.NotNull((await receipts.SignReceiptAsync(BusySidecar.Receipt(polite, "run-polite", nonce))).Receipt);
        }

        await flood;
        Assert.NotEmpty(refusals);
        Assert.NotEmpty(signed);
        Assert.All(refusals, static refusal =>
        {
            Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
            Assert.Contains("share of the calls under way is full; retry in", refusal.Status.Detail, StringComparison.Ordinal);
            Assert.InRange(int.Parse(refusal.Trailers.GetValue("grpc-retry-pushback-ms") ?? "", CultureInfo.InvariantCulture), 5, 5_000);
        });
        Assert.Contains(refusals, static refusal => refusal.Status.Detail.Contains("this token's share", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignReceiptBatch_MoreThanTheTokenHasRoomFor_RefusesItemsByThemselves()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        using var channel = _sidecar.OwnChannel();
        var receipts = new ReceiptService.ReceiptServiceClient(channel);
        var batches = Enumerable.Range(0, 24).Select(async batch =>
        {
            var request = new SignReceiptBatchRequest();
            request.Requests.AddRange(Enumerable.Range(0, 20).Select(item =>
                BusySidecar.Receipt(token, "run-batches", string.Create(CultureInfo.InvariantCulture, $"n{batch}-{item}"))));
            return (await receipts.SignReceiptBatchAsync(request)).Responses;
        });

        var items = (await Task.WhenAll(batches)).SelectMany(static responses => responses).ToList();

        Assert.Equal(24 * 20, items.Count);
        var refused = items.Where(static item => item.Receipt is null).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, static item => Assert.Equal((ReasonCode.Overloaded, ReasonClass.Transient), (item.Refusal.ReasonCode, item.Refusal.ReasonClass)));
        Assert.Contains(items, static item => item.Receipt is not null);
    }

    [Fact]
    public async Task RevokeCst_ReceiptsFillEveryPlace_GetsThrough()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _sidecar.TokenOfAsync("alice")));
        using var channel = _sidecar.OwnChannel();
        var receipts = new ReceiptService.ReceiptServiceClient(channel);
        Task<RevokeCstResponse> revocation;
        List<Task<SignReceiptResponse>> flood;
        using (_sidecar.HoldDisk())
        {
            flood = [.. Enumerable.Range(0, 100).Select(number => receipts.SignReceiptAsync(
                BusySidecar.Receipt(tokens[number % tokens.Length], "run-full", string.Create(CultureInfo.InvariantCulture, $"n{number}"))).ResponseAsync)];
            await WaitUntilAsync(() => flood.Exists(static call => call.IsFaulted));
            revocation = _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = tokens[0] }).ResponseAsync;

            // It holds at once, before it is on disk.
            await WaitUntilAsync(async () => await AskAsync(tokens[0]) == ReasonCode.TokenRevoked);
        }

        Assert.Equal(RevocationStatus.Revoked, (await revocation).Revocation?.Status);
        foreach (var call in flood)
        {
            var status = await Record.ExceptionAsync(() => call);
            Assert.True(status is null or RpcException { StatusCode: StatusCode.ResourceExhausted }, status?.ToString());
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition) => await WaitUntilAsync(() => Task.FromResult(condition()));

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var look = 0; look < 6_000 && !await condition(); look++)
        {
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await condition());
    }

    private async Task<ReasonCode> AskAsync(string token) =>
        (await _sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github", PolicyHash = _sidecar.Installation.PolicyHash })).ReasonCode;

    private async Task FloodAsync(int connection, string token, ConcurrentBag<RpcException> refusals, ConcurrentBag<string> signed)
    {
        using var channel = _sidecar.OwnChannel();
        var receipts = new ReceiptService.ReceiptServiceClient(channel);
        await Task.WhenAll(Enumerable.Range(0, CallersPerConnection).Select(async caller =>
        {
            for (var call = 0; call < CallsPerCaller; call++)
            {
                var nonce = string.Create(CultureInfo.InvariantCulture, $"g{connection}-{caller}-{call}");
                try
                {
                    signed.Add((await receipts.SignReceiptAsync(BusySidecar.Receipt(token, "run-greedy", nonce))).Receipt.ReceiptId);
                }
                catch (RpcException refusal)
                {
                    refusals.Add(refusal);
                }
            }
        }));
    }
}
