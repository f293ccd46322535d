using System.Diagnostics;
using System.Globalization;
using ClawPdp.EndToEnd.Tests.Crash;
using ClawPdp.V1;
using Grpc.Health.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>A disk that does not flush, flushes slowly, or does not come back.</summary>
[Collection(BreakingTests.Name)]
public sealed class FlushTests : IAsyncLifetime
{
    private const string Run = "run-flush";

    private SidecarHome? _home;
    private FaultShim? _shim;
    private LiveSidecar? _sidecar;
    private string _token = "";

    private SidecarHome Home => _home ?? throw new InvalidOperationException("not started");

    private FaultShim Shim => _shim ?? throw new InvalidOperationException("not started");

    private LiveSidecar Sidecar => _sidecar ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _ = PublishedSidecar.Binary;
        _home = new SidecarHome();
        _shim = await FaultShim.CreateAsync(Home);
        _sidecar = await Home.StartAsync(_shim.Environment);
        _token = await _sidecar.IssueAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _shim?.Dispose();
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        if (_home is not null)
        {
            await _home.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Flush_OfEachAcknowledgement_IsAskedForBeforeIt()
    {
        for (var number = 0; number < 10; number++)
        {
            var before = Shim.FlushCount;
            await Sidecar.SignAsync(_token, Run, NameOf(number));

            Assert.True(Shim.FlushCount > before, "a receipt was acknowledged without a flush");
        }
    }

    [Fact]
    public async Task Flush_ThatFails_IsToldAndEndsByItself()
    {
        var kept = (await Sidecar.SignAsync(_token, Run, "before")).Receipt;
        var doomed = await Sidecar.IssueAsync();
        Shim.Flushes(FlushMode.Fails);

        Assert.Equal(ReasonCode.LedgerUnavailable, await Sidecar.SignReasonAsync(_token, Run, "during"));
        Assert.Equal(ReasonCode.LedgerUnavailable, (await Sidecar.TryIssueAsync()).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.LedgerUnavailable, (await Sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = doomed })).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.TokenRevoked, (await Sidecar.AskAsync(doomed)).ReasonCode);
        Assert.Equal(ReasonCode.Allowed, (await Sidecar.AskAsync(_token)).ReasonCode);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await Sidecar.HealthAsync());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await Sidecar.HealthAsync("clawpdp.v1.TokenService"));
        Assert.Contains("Ledger commit failed with SQLite result", Sidecar.Process.Output, StringComparison.Ordinal);
        Assert.Equal(kept.EnvelopeJson.ToStringUtf8(), await Sidecar.EnvelopeAsync(kept.ReceiptId));
        Assert.Equal(GetReceiptResponse.OutcomeOneofCase.Refusal, (await Sidecar.Receipts.GetReceiptAsync(new GetReceiptRequest { RunNonce = new RunNonce { RunId = Run, Nonce = "during" } })).OutcomeCase);

        Shim.Flushes(FlushMode.Works);
        var signed = await Sidecar.SignAsync(_token, Run, "during");
        Assert.Equal((SignReceiptResponse.OutcomeOneofCase.Receipt, false), (signed.OutcomeCase, signed.Replayed));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Sidecar.HealthAsync());
        Assert.Contains("Ledger commits succeed again", Sidecar.Process.Output, StringComparison.Ordinal);
        await AssertKeptAfterACrashAsync(kept, signed.Receipt);
    }

    [Fact]
    public async Task Flush_ThatFailedBeforeACrash_LeavesOneReceiptOfTheNonceAtMost()
    {
        await Sidecar.SignAsync(_token, Run, "before");
        Shim.Flushes(FlushMode.Fails);
        Assert.Equal(ReasonCode.LedgerUnavailable, await Sidecar.SignReasonAsync(_token, Run, "open"));
        await Sidecar.Process.KillAsync();
        await Sidecar.DisposeAsync();
        Shim.Flushes(FlushMode.Works);

        _sidecar = await Home.StartAsync(Shim.Environment);
        var first = await Sidecar.SignAsync(_token, Run, "open");
        var second = await Sidecar.SignAsync(_token, Run, "open");

        Assert.Equal((true, first.Receipt), (second.Replayed, second.Receipt));
        new LedgerFile(Home.Ledger).Walk();
    }

    [Fact]
    public async Task Flush_ThatIsSlow_ServesManyCallersAtOnce()
    {
        const int Callers = 64;
        var delay = TimeSpan.FromMilliseconds(200);
        await Sidecar.SignAsync(_token, Run, "warm");
        Shim.Flushes(FlushMode.IsSlow, delay);
        var flushes = Shim.FlushCount;
        var watch = Stopwatch.StartNew();

        var signed = await Task.WhenAll(Enumerable.Range(0, Callers).Select(number => Sidecar.SignAsync(_token, Run, NameOf(number))));

        Assert.All(signed, static item => Assert.Equal(SignReceiptResponse.OutcomeOneofCase.Receipt, item.OutcomeCase));
        Assert.True(watch.Elapsed < Callers * delay / 2, $"{Callers} callers took {watch.Elapsed}");
        Assert.InRange(Shim.FlushCount - flushes, 1, Callers / 2);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Sidecar.HealthAsync());
    }

    [Fact]
    public async Task Flush_ThatDoesNotComeBack_RefusesInTimeAndLeavesDecisionsAlone()
    {
        var kept = (await Sidecar.SignAsync(_token, Run, "before")).Receipt;
        Shim.Flushes(FlushMode.Stalls);
        var watch = Stopwatch.StartNew();
        var stalled = Sidecar.SignAsync(_token, Run, "during", TimeSpan.FromSeconds(40));
        await LiveSidecar.UntilAsync(() => Task.FromResult(Shim.FlushesWaiting > 0), "a flush that waits");

        for (var number = 0; number < 100; number++)
        {
            Assert.Equal(ReasonCode.Allowed, (await Sidecar.AskAsync(_token, TimeSpan.FromSeconds(2))).ReasonCode);
        }

        Assert.Equal(ReasonCode.LedgerUnavailable, (await stalled).Refusal?.ReasonCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        watch.Restart();
        Assert.NotEqual(SignReceiptResponse.OutcomeOneofCase.Receipt, (await Sidecar.SignAsync(_token, Run, "later", TimeSpan.FromSeconds(20))).OutcomeCase);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await Sidecar.HealthAsync());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Sidecar.HealthAsync(""));

        Shim.Flushes(FlushMode.Works);
        await LiveSidecar.UntilAsync(async () => await Sidecar.SignReasonAsync(_token, Run, "during") == ReasonCode.Allowed, "signing again");
        await LiveSidecar.UntilAsync(async () => await Sidecar.HealthAsync() == HealthCheckResponse.Types.ServingStatus.Serving, "health");
        await AssertKeptAfterACrashAsync(kept);
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"nonce-{number}");

    private async Task AssertKeptAfterACrashAsync(params SignedReceipt[] receipts)
    {
        await Sidecar.Process.KillAsync();
        await Sidecar.DisposeAsync();
        _sidecar = await Home.StartAsync();
        foreach (var receipt in receipts)
        {
            Assert.Equal(receipt.EnvelopeJson.ToStringUtf8(), await Sidecar.EnvelopeAsync(receipt.ReceiptId));
        }

        new LedgerFile(Home.Ledger).Walk();
    }
}
