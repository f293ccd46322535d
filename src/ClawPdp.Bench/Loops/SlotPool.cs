namespace ClawPdp.Bench.Loops;

/// <summary>The callers that are free, the one that has been so for longest first, so that the connections take turns.</summary>
internal sealed class SlotPool
{
    private readonly Lock _turn = new();
    private readonly Queue<(int Slot, long FreeSince)> _free = new();
    private readonly SemaphoreSlim _count;

    public SlotPool(int slots)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            _free.Enqueue((slot, long.MinValue));
        }

        _count = new SemaphoreSlim(slots, slots);
    }

    /// <summary>Takes a caller, and waits for one where all are busy.</summary>
    /// <returns>The caller, and since when it is free.</returns>
    public (int Slot, long FreeSince) Take()
    {
        _count.Wait();
        lock (_turn)
        {
            return _free.Dequeue();
        }
    }

    /// <summary>Gives a caller back.</summary>
    public void Return(int slot, long now)
    {
        lock (_turn)
        {
            _free.Enqueue((slot, now));
        }

        _count.Release();
    }
}
