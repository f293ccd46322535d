using System.Runtime.InteropServices;

namespace ClawPdp.Identity.Keys;

/// <summary>
/// One instant on both clocks, so that neither a clock set back nor a suspended machine makes keys look younger.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(long Timestamp, DateTimeOffset Utc)
{
    public static Moment Now(TimeProvider timeProvider) => new(timeProvider.GetTimestamp(), timeProvider.GetUtcNow());

    /// <summary>The time since then by the clock that says more; never negative.</summary>
    public TimeSpan Age(TimeProvider timeProvider)
    {
        var monotonic = timeProvider.GetElapsedTime(Timestamp);
        var wall = timeProvider.GetUtcNow() - Utc;
        return monotonic > wall ? monotonic : wall;
    }
}
