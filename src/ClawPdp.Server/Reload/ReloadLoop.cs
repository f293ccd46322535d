using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Reload;

/// <summary>Looks at the watched files at a steady interval: polling sees atomic renames and symlink swaps that watchers miss.</summary>
internal sealed class ReloadLoop : BackgroundService
{
    private readonly IReadOnlyList<IReloadable> _watched;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;

    public ReloadLoop(IEnumerable<IReloadable> watched, ServerSettings settings, TimeProvider time)
    {
        _watched = [.. watched];
        _interval = settings.ReloadInterval;
        _time = time;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        while (await WaitAsync(timer, stoppingToken))
        {
            foreach (var watched in _watched)
            {
                await watched.ReloadAsync();
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
