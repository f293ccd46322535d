using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>A wall clock that jumps.</summary>
[Collection(BreakingTests.Name)]
public sealed class ClockTests : IAsyncLifetime
{
    private const string Run = "run-clock";

    private SidecarHome? _home;
    private FaultShim? _shim;
    private LiveSidecar? _sidecar;

    private SidecarHome Home => _home ?? throw new InvalidOperationException("not started");

    private FaultShim Shim => _shim ?? throw new InvalidOperationException("not started");

    private LiveSidecar Sidecar => _sidecar ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _ = PublishedSidecar.Binary;
        _home = new SidecarHome();
        _shim = await FaultShim.CreateAsync(Home);
        _sidecar = await Home.StartAsync(_shim.Environment);
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
    public async Task Clock_ThatJumpsADayAheadAndBack_NeverMakesAnExpiredTokenValidAgain()
    {
        var token = await Sidecar.IssueAsync();
        await Sidecar.SignAsync(token, Run, "before");

        Shim.SetClock(TimeSpan.FromDays(1));
        Assert.Equal(ReasonCode.TokenExpired, (await Sidecar.AskAsync(token)).ReasonCode);
        Assert.Equal(ReasonCode.TokenExpired, await Sidecar.SignReasonAsync(token, Run, "ahead"));

        Shim.SetClock(TimeSpan.Zero);
        Assert.Equal(ReasonCode.TokenExpired, (await Sidecar.AskAsync(token)).ReasonCode);
        Assert.Equal(ReasonCode.TokenExpired, await Sidecar.SignReasonAsync(token, Run, "back"));
    }

    [Fact]
    public async Task Clock_ThatJumpsBack_KeepsRevocationsAndTheOrderOfRecords()
    {
        var token = await Sidecar.IssueAsync();
        var revoked = await Sidecar.IssueAsync();
        var first = (await Sidecar.SignAsync(token, Run, "before")).Receipt;
        await Sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = revoked });

        Shim.SetClock(-TimeSpan.FromDays(1));

        Assert.NotEqual(ReasonCode.Allowed, (await Sidecar.AskAsync(revoked)).ReasonCode);
        Assert.NotEqual(ReasonCode.Allowed, await Sidecar.SignReasonAsync(revoked, Run, "revoked"));
        var again = await Sidecar.SignAsync(token, Run, "before");
        Assert.True(again.OutcomeCase != SignReceiptResponse.OutcomeOneofCase.Receipt || again.Receipt.Equals(first), "another receipt for the same nonce");
        Assert.Equal(first.EnvelopeJson.ToStringUtf8(), await Sidecar.EnvelopeAsync(first.ReceiptId));
        await Sidecar.Process.KillAsync();
        await Sidecar.DisposeAsync();
        _sidecar = await Home.StartAsync();
        new Crash.LedgerFile(Home.Ledger).Walk();
        Assert.Equal(ReasonCode.TokenRevoked, (await Sidecar.AskAsync(revoked)).ReasonCode);
        Assert.Equal(ReasonCode.Allowed, await Sidecar.SignReasonAsync(token, Run, "after"));
    }
}
