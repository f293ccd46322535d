namespace ClawPdp.Server.Health;

/// <summary>Tells of calls that the ledger failed: the first at once, then at most one line in ten seconds with how many there were.</summary>
internal sealed class LedgerFailureLog
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly ILogger<LedgerFailureLog> _logger;
    private readonly Lock _lock = new();
    private long? _toldAt;
    private int _untold;

    public LedgerFailureLog(TimeProvider time, ILogger<LedgerFailureLog> logger)
    {
        _time = time;
        _logger = logger;
    }

    /// <summary>Tells of one, now or with the next line.</summary>
    public void Tell(string what, string fault)
    {
        int untold;
        lock (_lock)
        {
            if (_toldAt is { } toldAt && _time.GetElapsedTime(toldAt) < Interval)
            {
                _untold++;
                return;
            }

            _toldAt = _time.GetTimestamp();
            (untold, _untold) = (_untold, 0);
        }

        if (untold == 0)
        {
            Log.LedgerFailed(_logger, what, fault);
        }
        else
        {
            Log.LedgerFailedAgain(_logger, what, fault, untold);
        }
    }
}
