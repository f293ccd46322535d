using ClawPdp.Server.Time;

namespace ClawPdp.Server.Tests.Time;

/// <summary>The sidecar with the clock of the real one, above a system clock that the test sets.</summary>
public sealed class SteadySidecar : RunningSidecar
{
    private readonly SteadyTime _steady;

    public SteadySidecar() => _steady = new SteadyTime(System);

    internal SteppedClock System { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    private protected override TimeProvider Clock => _steady;
}
