namespace ClawPdp.Ledger.Writing;

/// <summary>Something to be written, with somebody waiting for its outcome.</summary>
internal sealed class WriteItem<T> : WriteItem
    where T : notnull
{
    private readonly Func<WriteSession, T> _write;

    // A waiter's own code must never run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _outcome;
    private Exception? _failure;

    public WriteItem(Func<WriteSession, T> write) => _write = write;

    public Task<T> Outcome => _completion.Task;

    public override void Execute(WriteSession session)
    {
        _failure = null;
        _outcome = _write(session);
    }

    public override void Refuse(Exception failure) => _failure = failure;

    public override void Complete()
    {
        if (_failure is null && _outcome is not null)
        {
            _completion.TrySetResult(_outcome);
        }
        else
        {
            _completion.TrySetException(_failure ?? new LedgerException("the record was not written"));
        }
    }

    public override void Fail(Exception failure) => _completion.TrySetException(failure);
}
