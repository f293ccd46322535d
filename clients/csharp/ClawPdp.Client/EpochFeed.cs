using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Client;

/// <summary>Follows the stream of epochs, and tells the cache; while there is no stream it tells 0.</summary>
internal sealed class EpochFeed : IAsyncDisposable
{
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    private readonly DecisionService.DecisionServiceClient _decisions;
    private readonly DecisionCache _cache;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lazy<Task> _run;

    public EpochFeed(DecisionService.DecisionServiceClient decisions, DecisionCache cache, TimeProvider time)
    {
        _decisions = decisions;
        _cache = cache;
        _time = time;
        _run = new Lazy<Task>(() => Task.Run(RunAsync));
    }

    /// <summary>Begins to follow, unless it does already.</summary>
    public void Start() => _ = _run.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_run.IsValueCreated)
        {
            await _run.Value;
        }

        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var wait = WaitMin;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                using var call = _decisions.WatchEpoch(new WatchEpochRequest(), cancellationToken: _closing.Token);
                while (await call.ResponseStream.MoveNext(_closing.Token))
                {
                    _cache.Follow(call.ResponseStream.Current.Epoch);
                    wait = WaitMin;
                }
            }
            catch (Exception exception) when (exception is RpcException or OperationCanceledException or InvalidOperationException)
            {
                // Whatever broke the stream, what is kept is dropped, and the stream is opened anew.
            }
            finally
            {
                _cache.Follow(0);
            }

            await Task.Delay(wait, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < WaitMax ? wait * 2 : WaitMax;
        }
    }
}
