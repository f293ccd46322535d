using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace ClawPdp.Ledger.Writing;

/// <summary>
/// What waits for the writer, in three bounded lines, so that a flood of decisions cannot crowd out what somebody waits for, and nothing
/// crowds out what is urgent. Any thread puts in, the writer alone takes out.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int Busy = 0;
    private const int WaitsForAnything = 1;
    private const int WaitsForItems = 2;

    private readonly Channel<WriteItem> _urgent;
    private readonly Channel<WriteItem> _items;
    private readonly Channel<DecisionRecord> _decisions;
    private readonly Lock _closing = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TimeSpan _linger;
    private readonly int _decisionBatchSizeMax;
    private int _writerState;
    private volatile bool _isClosed;

    public WriteQueue(LedgerSettings settings)
    {
        _urgent = Channel.CreateBounded<WriteItem>(settings.UrgentQueueCapacity);
        _items = Channel.CreateBounded<WriteItem>(settings.QueueCapacity);
        _decisions = Channel.CreateBounded<DecisionRecord>(settings.DecisionQueueCapacity);
        _linger = settings.DecisionLinger;
        _decisionBatchSizeMax = settings.DecisionBatchSizeMax;
    }

    public int ItemCount => _urgent.Reader.Count + _items.Reader.Count;

    public int DecisionCount => _decisions.Reader.Count;

    public bool IsClosed => _isClosed;

    /// <summary>Puts an item in; false when the line is full or closed.</summary>
    public bool TryAdd(WriteItem item) => TryAdd(_items, item);

    /// <summary>Puts an item in that goes before all others; false when its line is full or closed.</summary>
    public bool TryAddUrgent(WriteItem item) => TryAdd(_urgent, item);

    /// <summary>Puts a decision in; false when the line is full or closed.</summary>
    public bool TryAdd(DecisionRecord decision)
    {
        if (!_decisions.Writer.TryWrite(decision))
        {
            return false;
        }

        WakeIfWaiting(decisionsOnly: true);
        return true;
    }

    /// <summary>Takes what waits, at least one thing; false when the queue is closed and empty.</summary>
    public bool TakeBatch(WriteBatch batch)
    {
        batch.Clear();
        while (!Fill(batch))
        {
            if (_isClosed)
            {
                // Nothing is put in after the lines were completed, so one more look is final.
                return Fill(batch);
            }

            Wait(WaitsForAnything, Timeout.InfiniteTimeSpan, static queue => queue.ItemCount + queue._decisions.Reader.Count == 0);
        }

        if (batch.Items.Count == 0 && batch.HasRoomForDecision && _linger > TimeSpan.Zero)
        {
            Wait(WaitsForItems, _linger, static queue => queue.ItemCount == 0);
            Fill(batch);
        }

        return true;
    }

    /// <summary>Takes one item out, to fail it.</summary>
    public bool TryTake([NotNullWhen(true)] out WriteItem? item) => _urgent.Reader.TryRead(out item) || _items.Reader.TryRead(out item);

    /// <summary>Takes one decision out, to give it up.</summary>
    public bool TryTake([NotNullWhen(true)] out DecisionRecord? decision) => _decisions.Reader.TryRead(out decision);

    /// <summary>Lets nothing more in; what waits can still be taken out.</summary>
    public void Close()
    {
        lock (_closing)
        {
            if (!_isClosed)
            {
                _urgent.Writer.TryComplete();
                _items.Writer.TryComplete();
                _decisions.Writer.TryComplete();
                _isClosed = true;
                _wake.Set();
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private bool TryAdd(Channel<WriteItem> line, WriteItem item)
    {
        if (!line.Writer.TryWrite(item))
        {
            return false;
        }

        WakeIfWaiting(decisionsOnly: false);
        return true;
    }

    private bool Fill(WriteBatch batch)
    {
        while (batch.HasRoomForItem && TryTake(out WriteItem? item))
        {
            batch.Items.Add(item);
        }

        // What an item may name was put in before it, and goes with it, however many decisions there are: all that wait now.
        for (var due = batch.Items.Count > 0 ? _decisions.Reader.Count : 0; (due > 0 || batch.HasRoomForDecision) && _decisions.Reader.TryRead(out var decision); due--)
        {
            batch.Decisions.Add(decision);
        }

        return !batch.IsEmpty;
    }

    // The writer says that it waits and then looks once more; whoever puts in looks whether it waits afterwards. One of the two sees
    // the other, as both put a full barrier between, so no wake-up is missed and a busy writer costs no system call.
    private void Wait(int state, TimeSpan timeout, Func<WriteQueue, bool> isEmpty)
    {
        Interlocked.Exchange(ref _writerState, state);
        if (isEmpty(this) && !_isClosed)
        {
            _wake.WaitOne(timeout);
        }

        Interlocked.Exchange(ref _writerState, Busy);
    }

    private void WakeIfWaiting(bool decisionsOnly)
    {
        Interlocked.MemoryBarrier();
        var state = Volatile.Read(ref _writerState);
        var isAwaited = state == WaitsForAnything
            || (state == WaitsForItems && (!decisionsOnly || _decisions.Reader.Count >= _decisionBatchSizeMax));
        if (isAwaited)
        {
            _wake.Set();
        }
    }
}
