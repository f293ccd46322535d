using System.Globalization;

namespace ClawPdp.Server.Overview;

/// <summary>Numbers as people read them.</summary>
internal static class StatusWords
{
    /// <summary>Writes a count.</summary>
    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Writes a number of bytes.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1L << 30 => Of(bytes / (1L << 30), "GiB"),
        >= 1L << 20 => Of(bytes / (1L << 20), "MiB"),
        _ => Of(bytes / 1024, "KiB"),
    };

    /// <summary>Writes a duration.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        >= 172_800 => Of(seconds / 86_400, "d"),
        >= 7_200 => Of(seconds / 3_600, "h"),
        >= 120 => Of(seconds / 60, "min"),
        >= 1 => Of(seconds, "s"),
        >= 0.001 => Of(seconds * 1e3, "ms"),
        _ => Of(seconds * 1e6, "µs"),
    };

    /// <summary>Writes the bound that a part of all durations keeps; empty for none.</summary>
    public static string Bound(string name, double? seconds) => seconds switch
    {
        null => "",
        double.PositiveInfinity => $"{name} over 10 s",
        { } bound => $"{name} within {Duration(bound)}",
    };

    private static string Of(double number, string unit) => number.ToString("0.#", CultureInfo.InvariantCulture) + " " + unit;
}
