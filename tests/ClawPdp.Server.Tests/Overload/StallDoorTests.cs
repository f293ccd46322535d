using System.Globalization;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Health.V1;
using HealthService = Grpc.Health.V1.Health;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>Commits stand still while receipts flood in: decisions go on.</summary>
[Trait("Door", "published")]
public sealed class StallDoorTests : IAsyncLifetime
{
    private const int QuestionCount = 200;
    private const int ConnectionCount = 4;
    private const int CallersPerConnection = 32;
    private const int CallsPerCallerMax = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BusySidecar _sidecar = new();

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task Authorize_DiskStandsStillUnderAFloodOfReceipts_AnswersEveryQuestion()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, ConnectionCount).Select(_ => _sidecar.TokenOfAsync("alice")));
        using var channel = _sidecar.OwnChannel();
        var health = new HealthService.HealthClient(channel);
        using var ended = new CancellationTokenSource();
        var refusedByDisk = 0;
        Task flood;
        using (_sidecar.HoldDisk())
        {
            flood = Task.WhenAll(tokens.Select((token, connection) => FloodAsync(token, connection, () => Interlocked.Increment(ref refusedByDisk), ended.Token)));
            await AskAsync(channel, tokens[0], QuestionCount / 2);
            await WaitUntilAsync(() => Task.FromResult(Volatile.Read(ref refusedByDisk) > 0));
            await WaitUntilAsync(async () => await StatusAsync(health, "clawpdp.v1.ReceiptService") == HealthCheckResponse.Types.ServingStatus.NotServing);

            await AskAsync(channel, tokens[0], QuestionCount / 2);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await StatusAsync(health, "clawpdp.v1.DecisionService"));
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await StatusAsync(health, "clawpdp.v1.TokenService"));
            await ended.CancelAsync();
        }

        // By itself it goes on, and the same nonces give receipts.
        await flood;
        var receipts = new ReceiptService.ReceiptServiceClient(channel);
        await WaitUntilAsync(async () => (await receipts.SignReceiptAsync(BusySidecar.Receipt(tokens[0], "run-0", "n0-0"))).Receipt is not null);
        await WaitUntilAsync(async () => await StatusAsync(health, "clawpdp.v1.ReceiptService") == HealthCheckResponse.Types.ServingStatus.Serving);
    }

    private static async Task<HealthCheckResponse.Types.ServingStatus> StatusAsync(HealthService.HealthClient health, string service) =>
        (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status;

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var look = 0; look < 1_500 && !await condition(); look++)
        {
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await condition());
    }

    private async Task AskAsync(ChannelBase channel, string token, int count)
    {
        var decisions = new DecisionService.DecisionServiceClient(channel);
        for (var question = 0; question < count; question++)
        {
            var answer = await decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github", PolicyHash = _sidecar.Installation.PolicyHash }).ResponseAsync.WaitAsync(Patience);
            Assert.Equal(Effect.Allow, answer.Effect);
        }
    }

    private async Task FloodAsync(string token, int connection, Action refusedByDisk, CancellationToken ended)
    {
        using var channel = _sidecar.OwnChannel();
        var receipts = new ReceiptService.ReceiptServiceClient(channel);
        await Task.WhenAll(Enumerable.Range(0, CallersPerConnection).Select(async caller =>
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            for (var call = 0; call < CallsPerCallerMax && !ended.IsCancellationRequested; call++)
            {
                try
                {
                    var nonce = string.Create(CultureInfo.InvariantCulture, $"n{caller}-{call}");
                    var run = string.Create(CultureInfo.InvariantCulture, $"run-{connection}");
                    var response = await receipts.SignReceiptAsync(BusySidecar.Receipt(token, run, nonce));
                    if (response.Refusal?.ReasonCode == ReasonCode.LedgerUnavailable)
                    {
                        refusedByDisk();
                    }
                }
                catch (RpcException refusal) when (refusal.StatusCode == StatusCode.ResourceExhausted)
                {
                    await pace.WaitForNextTickAsync(CancellationToken.None);
                }
            }
        }));
    }
}
