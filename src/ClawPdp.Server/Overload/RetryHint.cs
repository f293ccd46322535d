using System.Security.Cryptography;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Overload;

/// <summary>Says when it is worth to come again: when what is under way now will be on disk, at the pace of the last commits.</summary>
internal sealed class RetryHint
{
    /// <summary>The least that is said.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);

    /// <summary>The most that is said, also where the disk takes nothing.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    // While no pace is known, as after the start.
    private const double AppendsPerSecondAssumed = 1000;

    private const int SpreadPercentMax = 50;

    private readonly LedgerStore _ledger;

    public RetryHint(LedgerStore ledger) => _ledger = ledger;

    /// <summary>Gives the wait, spread a little, so that those who were refused together do not come again together.</summary>
    /// <param name="callCount">The calls under way.</param>
    public TimeSpan Of(int callCount)
    {
        var health = _ledger.Health;
        if (health.State != LedgerState.Healthy)
        {
            return Most;
        }

        var pace = health.AppendsPerSecond > 0 ? health.AppendsPerSecond : AppendsPerSecondAssumed;
        return Of(callCount, pace, RandomNumberGenerator.GetInt32(SpreadPercentMax + 1));
    }

    /// <summary>Gives the wait for a pace and a spread.</summary>
    public static TimeSpan Of(int callCount, double appendsPerSecond, int spreadPercent)
    {
        var seconds = callCount / appendsPerSecond * (100 + spreadPercent) / 100;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, Most.TotalSeconds));
    }
}
