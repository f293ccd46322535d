namespace ClawPdp.Engine.State;

/// <summary>Holds the state in force; a change makes a new one and moves the epoch.</summary>
public sealed class EngineStateStore
{
    private readonly Lock _publishing = new();
    private EngineState _current;
    private TaskCompletionSource _moved = NewMove();

    /// <summary>Initializes a new instance of the <see cref="EngineStateStore"/> class.</summary>
    public EngineStateStore(EngineState initial) => _current = initial;

    /// <summary>Gets the state in force.</summary>
    public EngineState Current => Volatile.Read(ref _current);

    /// <summary>
    /// Gets a task that ends at the next change. Whoever takes it before looking at <see cref="Current"/> misses none; changes between two
    /// looks are one.
    /// </summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>Puts a changed state in force.</summary>
    /// <param name="change">Makes the new state from the old; its epoch is set here.</param>
    public EngineState Publish(Func<EngineState, EngineState> change)
    {
        lock (_publishing)
        {
            var next = change(_current) with { Epoch = _current.Epoch + 1 };
            Volatile.Write(ref _current, next);
            var moved = _moved;
            Volatile.Write(ref _moved, NewMove());

            // INVARIANT: continuations run elsewhere, so that nobody who waits can hold up who changes.
            moved.SetResult();
            return next;
        }
    }

    /// <summary>Moves the epoch for a change that is held elsewhere: a mapping or a revocation.</summary>
    public EngineState Advance() => Publish(static state => state);

    private static TaskCompletionSource NewMove() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
