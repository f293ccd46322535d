namespace ClawPdp.Bench.Loops;

/// <summary>Hands out the calls' numbers, each once.</summary>
internal sealed class CallNumbers
{
    private readonly long _end;
    private long _next;

    public CallNumbers(LoopBounds bounds)
    {
        _next = bounds.First;
        _end = bounds.First + bounds.Count;
    }

    public bool TryTake(out long sequence)
    {
        sequence = Interlocked.Increment(ref _next) - 1;
        return sequence < _end;
    }
}
