using ClawPdp.Ledger;
using ClawPdp.Server.Health;

namespace ClawPdp.Server.Decisions;

/// <summary>Records once a minute, and at the end, what was counted of the questions of strangers. What the ledger does not take is kept for the next time.</summary>
internal sealed class StrangerRecorder : BackgroundService
{
    private readonly StrangerTally _tally;
    private readonly LedgerStore _ledger;
    private readonly LedgerFailureLog _failures;
    private readonly TimeProvider _time;
    private readonly ILogger<StrangerRecorder> _logger;

    public StrangerRecorder(StrangerTally tally, LedgerStore ledger, LedgerFailureLog failures, TimeProvider time, ILogger<StrangerRecorder> logger)
    {
        _tally = tally;
        _ledger = ledger;
        _failures = failures;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await RecordAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StrangerTally.Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RecordAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; what is left is recorded there.
        }
    }

    private async Task RecordAsync(CancellationToken cancellation)
    {
        foreach (var count in _tally.Take())
        {
            try
            {
                await _ledger.AppendDecisionAsync(StrangerTally.RecordOf(count), cancellation);
                Log.StrangersCounted(_logger, count.Count, count.Reason, count.First, count.Last);
            }
            catch (Exception exception) when (exception is LedgerException or OperationCanceledException)
            {
                _tally.PutBack(count);
                _failures.Tell(nameof(StrangerRecorder), exception is LedgerException ledger ? ledger.Fault.ToString() : "not in time");
            }
        }
    }
}
