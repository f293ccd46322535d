namespace ClawPdp.Server.Time;

/// <summary>Tells, once a minute, by how much the sidecar's clock is ahead of the system's, which was set back.</summary>
internal sealed class ClockWatch : BackgroundService
{
    /// <summary>A step back of less than this is nobody's business.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly SteadyTime? _steady;
    private readonly TimeProvider _time;
    private readonly ILogger<ClockWatch> _logger;

    public ClockWatch(TimeProvider time, ILogger<ClockWatch> logger)
    {
        _steady = time as SteadyTime;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gives by how much a clock is ahead of the system's, where that matters; zero otherwise.</summary>
    public static TimeSpan AheadOf(TimeProvider time) => time is SteadyTime { Ahead: var ahead } && ahead > Tolerance ? ahead : TimeSpan.Zero;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_steady is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, _time);
        var wasAhead = false;
        try
        {
            do
            {
                wasAhead = Tell(AheadOf(_steady), wasAhead);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private bool Tell(TimeSpan ahead, bool wasAhead)
    {
        if (ahead > TimeSpan.Zero)
        {
            Log.ClockAhead(_logger, ahead.TotalSeconds);
        }
        else if (wasAhead)
        {
            Log.ClockCaughtUp(_logger);
        }

        return ahead > TimeSpan.Zero;
    }
}
