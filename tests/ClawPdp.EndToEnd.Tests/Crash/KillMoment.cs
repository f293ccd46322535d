namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>When a round kills the process.</summary>
/// <param name="Phase">What it does then.</param>
/// <param name="Delay">How long after the phase began; for <see cref="KillPhase.Acknowledgement"/> the longest wait.</param>
/// <param name="Count">The acknowledgement that it is killed at.</param>
internal sealed record KillMoment(KillPhase Phase, TimeSpan Delay, int Count)
{
    /// <summary>Draws a moment.</summary>
    public static KillMoment Draw(Random random) => random.Next(100) switch
    {
        < 20 => new KillMoment(KillPhase.Start, Milliseconds(random, 160), 0),
        < 45 => new KillMoment(KillPhase.Load, Milliseconds(random, 400), 0),
        < 70 => new KillMoment(KillPhase.Acknowledgement, TimeSpan.FromSeconds(2), random.Next(1, 150)),
        < 80 => new KillMoment(KillPhase.Idle, Milliseconds(random, 700), 0),
        _ => new KillMoment(KillPhase.Stop, Milliseconds(random, 120), 0),
    };

    private static TimeSpan Milliseconds(Random random, int max) => TimeSpan.FromMilliseconds(random.NextDouble() * max);
}
