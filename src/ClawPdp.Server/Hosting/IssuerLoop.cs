using ClawPdp.Identity;

namespace ClawPdp.Server.Hosting;

/// <summary>Keeps the keys of every identity provider fresh while nobody asks.</summary>
internal sealed class IssuerLoop : BackgroundService
{
    private readonly IReadOnlyList<IssuerKeySource> _sources;

    public IssuerLoop(IEnumerable<IssuerKeySource> sources) => _sources = [.. sources];

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_sources.Select(source => source.RunAsync(stoppingToken)));
}
