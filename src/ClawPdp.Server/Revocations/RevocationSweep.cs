using ClawPdp.Engine.Revocations;

namespace ClawPdp.Server.Revocations;

/// <summary>Drops from memory, once a minute, the revocations that can cover no token any more; on disk they stay.</summary>
internal sealed class RevocationSweep : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly RevocationView _view;
    private readonly TimeProvider _time;

    public RevocationSweep(RevocationView view, TimeProvider time)
    {
        _view = view;
        _time = time;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
            {
                _view.DropExpired(_time.GetUtcNow());
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
