using System.Globalization;

namespace ClawPdp.Server.Direct;

/// <summary>Reads the header <c>grpc-timeout</c> (gRPC over HTTP/2, "Requests": up to eight digits and a unit).</summary>
internal static class CallDeadline
{
    /// <summary>A timeout that is over at once.</summary>
    public const string Over = "1u";

    private const int DigitCountMax = 8;
    private const int NanosecondsPerTick = 100;

    // Longer ones are as good as none, and more than a timer takes.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Reads a timeout.</summary>
    /// <returns>False for none, for one that is longer than a day, and for what is not understood.</returns>
    public static bool TryParse(string? header, out TimeSpan timeout)
    {
        timeout = default;
        if (header is not { Length: >= 2 and <= DigitCountMax + 1 } || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var ticks = header[^1] switch
        {
            'H' => count * TimeSpan.TicksPerHour,
            'M' => count * TimeSpan.TicksPerMinute,
            'S' => count * TimeSpan.TicksPerSecond,
            'm' => count * TimeSpan.TicksPerMillisecond,
            'u' => count * TimeSpan.TicksPerMicrosecond,
            'n' => count / NanosecondsPerTick,
            _ => long.MaxValue,
        };
        timeout = TimeSpan.FromTicks(ticks);
        return timeout <= Longest;
    }
}
