using System.Globalization;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Health;

/// <summary>Finds out that a ledger that failed works again, when nobody else writes: a sidecar that is said to be unfit is asked nothing.</summary>
internal sealed class LedgerProbe : BackgroundService
{
    private const string Name = "probe";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;

    public LedgerProbe(LedgerStore ledger, TimeProvider time)
    {
        _ledger = ledger;
        _time = time;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_ledger.Health.State == LedgerState.Failing)
                {
                    await TryAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryAsync()
    {
        try
        {
            await _ledger.SetMetaAsync(Name, _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        }
        catch (LedgerException)
        {
            // It fails still, as its health says.
        }
    }
}
