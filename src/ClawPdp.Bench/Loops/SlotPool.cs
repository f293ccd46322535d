namespace ClawPdp.Bench.Loops;

/// <summary>The callers that are free, the one that has been so for longest first, so that the connections take turns.</summary>
internal sealed class SlotPool
{
    private readonly Queue<(int Slot, long FreeSince)> _free = new();

    public SlotPool(int slots)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            _free.Enqueue((slot, long.MinValue));
        }
    }

    /// <summary>Takes a caller, and waits for one where all are busy. One thread alone takes.</summary>
    /// <returns>The caller, and since when it is free.</returns>
    public (int Slot, long FreeSince) Take()
    {
        lock (_free)
        {
            while (_free.Count == 0)
            {
                Monitor.Wait(_free);
            }

            return _free.Dequeue();
        }
    }

    /// <summary>Gives a caller back.</summary>
    public void Return(int slot, long now)
    {
        lock (_free)
        {
            _free.Enqueue((slot, now));
            Monitor.Pulse(_free);
        }
    }
}
