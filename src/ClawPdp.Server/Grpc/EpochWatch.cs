using ClawPdp.Engine.State;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>Tells callers of the epoch as it moves, until they go or the sidecar stops.</summary>
internal sealed class EpochWatch
{
    private readonly EngineStateStore _states;
    private readonly IHostApplicationLifetime _lifetime;

    public EpochWatch(EngineStateStore states, IHostApplicationLifetime lifetime)
    {
        _states = states;
        _lifetime = lifetime;
    }

    /// <summary>Writes the epoch at once and after each move; moves while a message is on its way are told as one.</summary>
    public async Task RunAsync(IServerStreamWriter<WatchEpochResponse> responses, CancellationToken gone)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, _lifetime.ApplicationStopping);
        var told = 0L;
        try
        {
            while (!ended.IsCancellationRequested)
            {
                // INVARIANT: taken before the state is looked at, so that no move falls in between.
                var moved = _states.Moved;
                var epoch = _states.Current.Epoch;
                if (epoch != told)
                {
                    await responses.WriteAsync(new WatchEpochResponse { Epoch = (ulong)epoch }, ended.Token);
                    told = epoch;
                }

                await moved.WaitAsync(ended.Token);
            }
        }
        catch (Exception exception) when (ended.IsCancellationRequested && exception is (OperationCanceledException or InvalidOperationException or IOException))
        {
            // The caller went, or the sidecar stops: either way the stream ends, and with it what the caller keeps.
        }
    }
}
