using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>One data directory that grows from crash to crash.</summary>
internal sealed class CrashStore : IAsyncDisposable
{
    private const int OldRevocationCount = 5;

    private readonly SidecarHome _home = new();
    private readonly LedgerFile _ledger;
    private readonly List<TokenSlot> _revoked = [];
    private LiveSidecar? _sidecar;
    private string[] _trust = [];

    public CrashStore() => _ledger = new LedgerFile(_home.Ledger);

    /// <summary>Gets how many records the store has.</summary>
    public int RecordCount => _ledger.Hashes.Count;

    private LiveSidecar Sidecar => _sidecar ?? throw new InvalidOperationException("not started");

    private string SeenCheckpoint => Path.Combine(_home.Folder, "seen-checkpoint");

    /// <summary>Loads the process, kills it, starts it again, and looks for everything that was acknowledged.</summary>
    public async Task<int> RunRoundAsync(int round, KillMoment moment, Random random)
    {
        if (_sidecar is null)
        {
            _sidecar = await _home.StartAsync();
            _trust = await TrustAsync();
        }

        var told = new Acknowledgements(moment.Count);
        await KillAsync(round, moment, told, random);
        Assert.Empty(told.Surprises);
        await AssertLogHoldsAsync();

        _home.Configure(isDurable: random.Next(2) == 0);
        _sidecar = await _home.StartAsync();
        await RecoveryCheck.AssertKeepsAsync(_sidecar, told);
        await RecoveryCheck.AssertRevocationsAsync(_sidecar, _revoked.OrderBy(_ => random.Next()).Take(OldRevocationCount).ToList());
        _revoked.AddRange(told.Revocations.Select(static revocation => revocation.Slot));
        _ledger.Walk();
        AssertHolds(told);
        return told.Count;
    }

    /// <summary>Ends the process in peace and holds the whole log against the whole ledger.</summary>
    public async Task CloseAsync()
    {
        await Sidecar.Process.TerminateAsync();
        Assert.Equal(0, await Sidecar.Process.EndOrKillAsync(TimeSpan.FromSeconds(20)));
        await AssertLogHoldsAsync();
        await using var again = await _home.StartAsync();
        _ledger.Walk();
        LogFiles.AssertAgree(_home.Log, _ledger.Hashes);
        await RecoveryCheck.AssertRevocationsAsync(again, _revoked);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        await _home.DisposeAsync();
    }

    private async Task KillAsync(int round, KillMoment moment, Acknowledgements told, Random random)
    {
        if (moment.Phase == KillPhase.Start)
        {
            await Sidecar.Process.KillAsync();
            await Sidecar.DisposeAsync();
            await using var starting = _home.Launch();
            await Task.Delay(moment.Delay);
            await starting.KillAsync();
            return;
        }

        var load = await CrashLoad.PrepareAsync(Sidecar, _home, told, string.Create(CultureInfo.InvariantCulture, $"run-{round}"));
        var running = load.RunAsync(random);
        await WaitAsync(moment, told, running, load);
        load.End();
        await Sidecar.Process.KillAsync();
        await running;
        await Sidecar.DisposeAsync();
    }

    private async Task WaitAsync(KillMoment moment, Acknowledgements told, Task running, CrashLoad load)
    {
        switch (moment.Phase)
        {
            case KillPhase.Acknowledgement:
                await Task.WhenAny(told.Reached, Task.Delay(moment.Delay));
                break;
            case KillPhase.Idle:
                await Task.Delay(TimeSpan.FromMilliseconds(200));
                load.Stop();
                await running;
                await Task.Delay(moment.Delay);
                break;
            case KillPhase.Stop:
                await Task.Delay(TimeSpan.FromMilliseconds(200));
                load.End();
                await Sidecar.Process.TerminateAsync();
                await Task.Delay(moment.Delay);
                break;
            default:
                await Task.Delay(moment.Delay);
                break;
        }
    }

    private void AssertHolds(Acknowledgements told)
    {
        foreach (var (_, receipt, _) in told.Receipts)
        {
            Assert.Equal((receipt.EnvelopeJson.ToStringUtf8(), (long)receipt.Sequence), _ledger.Receipts.GetValueOrDefault(receipt.ReceiptId));
        }

        foreach (var (_, appended) in told.Events)
        {
            Assert.Equal((long)appended.Sequence, _ledger.Events.GetValueOrDefault(appended.EventHashB64U));
        }

        Assert.Empty(told.Tokens.Select(static slot => slot.TokenHash).Except(_ledger.IssuedTokens, StringComparer.Ordinal));
        Assert.Empty(told.Revocations.Select(static item => item.Slot.TokenHash).Except(_ledger.RevokedTokens.Keys, StringComparer.Ordinal));
        Assert.Empty(told.DurableDecisions.Except(_ledger.Decisions, StringComparer.Ordinal));
    }

    // The files of a process that is dead: the log as it lies there, and that it goes on from what was seen before.
    private async Task AssertLogHoldsAsync()
    {
        var checkpoint = Path.Combine(_home.Log, "checkpoint");
        if (!File.Exists(checkpoint))
        {
            Assert.False(File.Exists(SeenCheckpoint), "the log's checkpoint is gone");
            return;
        }

        string[] against = File.Exists(SeenCheckpoint) ? ["--against", SeenCheckpoint] : [];
        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, ["log", "check", _home.Log, .. against, .. _trust]);
        Assert.True(code == 0, output);
        File.Copy(checkpoint, SeenCheckpoint, overwrite: true);
    }

    private async Task<string[]> TrustAsync()
    {
        var (_, keys) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "list", "--data", _home.Data);
        return
        [
            .. keys.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(static line => line.StartsWith("log", StringComparison.Ordinal))
                .SelectMany(static line => new[] { "--trust", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1] }),
        ];
    }
}
