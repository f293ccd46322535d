using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>Keeps every line, and lets a test wait for the next one of a kind instead of sleeping.</summary>
public sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _counts = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
        Count(eventId.Id).Release();
    }

    public Task NextAsync(int eventId) => Count(eventId).WaitAsync(TestContext.Current.CancellationToken);

    private SemaphoreSlim Count(int eventId) => _counts.GetOrAdd(eventId, static _ => new SemaphoreSlim(0));
}
