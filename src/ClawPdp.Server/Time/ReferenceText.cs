using System.Globalization;

namespace ClawPdp.Server.Time;

/// <summary>Numbers and times as the public issuer writes them.</summary>
internal static class ReferenceText
{
    private const long LastSecond = 9_999_999_999;

    /// <summary>Writes a time, precise to the second and with three zeros after it.</summary>
    public static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes a number.</summary>
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes a time so that the latest sorts first: ten digits.</summary>
    public static string Inverted(long seconds) => Math.Clamp(LastSecond - seconds, 0, LastSecond).ToString("D10", CultureInfo.InvariantCulture);
}
