using System.Collections.Concurrent;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>Everything that callers were told in one round, and what they were not told. Safe for concurrent use.</summary>
internal sealed class Acknowledgements
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _notifyAt;
    private int _count;
    private volatile bool _isClosed;

    /// <param name="notifyAt">The number of acknowledgements that <see cref="Reached"/> waits for; 0 for none.</param>
    public Acknowledgements(int notifyAt) => _notifyAt = notifyAt;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets what ends when so many acknowledgements came.</summary>
    public Task Reached => _reached.Task;

    public ConcurrentQueue<(SignReceiptRequest Request, SignedReceipt Receipt, TokenSlot Slot)> Receipts { get; } = [];

    /// <summary>Gets the receipts whose callers got no answer.</summary>
    public ConcurrentQueue<(SignReceiptRequest Request, TokenSlot Slot)> OpenReceipts { get; } = [];

    public ConcurrentQueue<(AppendEventRequest Request, RunEvent Event)> Events { get; } = [];

    public ConcurrentQueue<TokenSlot> Tokens { get; } = [];

    public ConcurrentQueue<(TokenSlot Slot, string RevocationId)> Revocations { get; } = [];

    /// <summary>Gets the decisions whose records were said to be on disk.</summary>
    public ConcurrentQueue<string> DurableDecisions { get; } = [];

    public ConcurrentQueue<string> AsynchronousDecisions { get; } = [];

    /// <summary>Gets what should not have happened.</summary>
    public ConcurrentQueue<string> Surprises { get; } = [];

    /// <summary>Lets what comes from now on count for nothing.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Keeps one.</summary>
    public void Add<T>(ConcurrentQueue<T> kind, T item)
    {
        if (_isClosed)
        {
            return;
        }

        kind.Enqueue(item);
        if (Interlocked.Increment(ref _count) == _notifyAt)
        {
            _reached.TrySetResult();
        }
    }
}
