namespace ClawPdp.Bench.Loops;

/// <summary>Waits for instants of a schedule, on the thread that asks.</summary>
internal interface IPace
{
    /// <summary>Returns at an instant, or at once where it is past.</summary>
    /// <param name="timestamp">The instant, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
    void WaitUntil(long timestamp);
}
