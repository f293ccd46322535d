using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>NumericDate of RFC 7519 section 2: a JSON number of seconds since 1970, a fraction allowed.</summary>
internal static class NumericDate
{
    private const long SecondsMax = 253_402_300_799;

    /// <summary>
    /// Reads a time in the years 1970 to 9999, dropping a fraction of a second; anything else is refused, strings
    /// included.
    /// </summary>
    public static bool TryRead(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        if (value.ValueKind != JsonValueKind.Number
            || !value.TryGetDecimal(out var seconds)
            || seconds is < 0 or > SecondsMax)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds((long)decimal.Floor(seconds));
        return true;
    }
}
