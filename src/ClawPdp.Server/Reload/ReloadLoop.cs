using ClawPdp.Server.Health;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Reload;

/// <summary>Looks at the watched files at a steady interval: polling sees atomic renames and symlink swaps that watchers miss.</summary>
internal sealed class ReloadLoop : BackgroundService
{
    private readonly IReadOnlyList<IReloadable> _watched;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly FailureCounter _failures;
    private readonly ILogger<ReloadLoop> _logger;

    public ReloadLoop(IEnumerable<IReloadable> watched, ServerSettings settings, TimeProvider time, FailureCounter failures, ILogger<ReloadLoop> logger)
    {
        _failures = failures;
        _logger = logger;
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
                await LookAsync(watched);
            }
        }
    }

    // Whatever goes wrong with one must not end the looking at all of them.
    private async Task LookAsync(IReloadable watched)
    {
        try
        {
            await watched.ReloadAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failures.Add();
            Log.ReloadFailed(_logger, watched.Name, exception);
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
