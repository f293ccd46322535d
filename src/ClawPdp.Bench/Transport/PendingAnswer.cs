using System.Threading.Tasks.Sources;
using ClawPdp.Bench.Calls;

namespace ClawPdp.Bench.Transport;

/// <summary>What a slot waits on, used again for every question of it.</summary>
internal sealed class PendingAnswer : IValueTaskSource<CallOutcome>
{
    // Continuations run where the answer was read: the next question goes out without another thread's help.
    private ManualResetValueTaskSourceCore<CallOutcome> _core;

    /// <summary>Gets the question's number.</summary>
    public long Question { get; private set; }

    /// <summary>Gets when it was asked.</summary>
    public long Asked { get; private set; }

    /// <summary>Gets how long its frame was, in bytes.</summary>
    public int SentBytes { get; private set; }

    public ValueTask<CallOutcome> Begin(long question, long asked, int sentBytes)
    {
        _core.Reset();
        (Question, Asked, SentBytes) = (question, asked, sentBytes);
        return new ValueTask<CallOutcome>(this, _core.Version);
    }

    public void End(string? fault, int readBytes) => _core.SetResult(new CallOutcome(fault, SentBytes, readBytes));

    public CallOutcome GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
