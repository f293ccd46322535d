namespace ClawPdp.Server.Revocations;

/// <summary>Wakes whoever waits for revocations that are on disk. Safe for concurrent use.</summary>
internal sealed class RevocationFeed
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Gets a task that completes when another revocation is on disk; take it before looking at the ledger.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Says that another revocation is on disk.</summary>
    public void Pulse() => Interlocked.Exchange(ref _next, NewSource()).SetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
