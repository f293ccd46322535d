using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>A clock that the test moves, and whose wall time can also be set without time passing.</summary>
public sealed class JumpingClock : FakeTimeProvider
{
    public JumpingClock(DateTimeOffset start)
        : base(start)
    {
    }

    public TimeSpan WallOffset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallOffset;

    // The base class derives it from the wall time.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
