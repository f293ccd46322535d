using Grpc.Core;

namespace ClawPdp.Server.Overload;

/// <summary>Counts the calls under way, and lets no more in once the sidecar stops.</summary>
internal sealed class OpenCalls
{
    private readonly CancellationToken _stopping;
    private readonly TaskCompletionSource _allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private int _streams;

    public OpenCalls(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping;

    /// <summary>Gets how many single calls are under way.</summary>
    public int CallCount => Volatile.Read(ref _calls);

    /// <summary>Gets how many streams are open.</summary>
    public int StreamCount => Volatile.Read(ref _streams);

    /// <summary>Counts a call; one that comes while the sidecar stops is refused.</summary>
    /// <exception cref="RpcException">UNAVAILABLE.</exception>
    public void Enter(bool isStream)
    {
        if (!TryEnter(isStream))
        {
            throw Stopping();
        }
    }

    /// <summary>Counts a call, unless the sidecar stops.</summary>
    /// <returns>Whether the call may go on.</returns>
    public bool TryEnter(bool isStream)
    {
        if (_stopping.IsCancellationRequested)
        {
            return false;
        }

        Interlocked.Increment(ref isStream ? ref _streams : ref _calls);
        return true;
    }

    /// <summary>Counts a call no longer.</summary>
    public void Leave(bool isStream)
    {
        Interlocked.Decrement(ref isStream ? ref _streams : ref _calls);
        if (_stopping.IsCancellationRequested && CallCount + StreamCount == 0)
        {
            _allDone.TrySetResult();
        }
    }

    /// <summary>Waits until what is under way is done, once the sidecar stops.</summary>
    /// <returns>Whether it is.</returns>
    public async Task<bool> DrainAsync(TimeSpan timeout)
    {
        try
        {
            if (CallCount + StreamCount > 0)
            {
                await _allDone.Task.WaitAsync(timeout);
            }

            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Makes the status of what comes, or is still open, when the sidecar stops.</summary>
    public static RpcException Stopping() => new(new Status(StatusCode.Unavailable, "the sidecar is stopping"));
}
