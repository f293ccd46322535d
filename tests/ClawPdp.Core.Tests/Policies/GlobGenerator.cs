namespace ClawPdp.Core.Tests.Policies;

/// <summary>Makes patterns out of a text, which they often match.</summary>
internal static class GlobGenerator
{
    /// <summary>Gives a pattern of at most 512 units that is not blank and has no unpaired surrogate when the text has none.</summary>
    public static string From(string text, Random random)
    {
        var pattern = text;
        for (var count = random.Next(4); count > 0; count--)
        {
            pattern = Change(pattern, random);
        }

        return pattern.Length > 512 || string.IsNullOrWhiteSpace(pattern) || pattern.Any(char.IsSurrogate) ? "**" : pattern;
    }

    private static string Change(string pattern, Random random)
    {
        var start = random.Next(pattern.Length + 1);
        var length = random.Next(Math.Min(5, pattern.Length - start) + 1);
        var before = pattern[..start];
        var after = pattern[(start + length)..];
        var slash = pattern.IndexOf('/', StringComparison.Ordinal);
        return random.Next(9) switch
        {
            0 or 1 => before + "*" + after,
            2 => before + "**" + after,
            3 => before + "***" + after,
            4 => before + new string('?', length) + after,
            5 => slash >= 0 ? "**" + pattern[slash..] : "**/" + pattern,
            6 => slash >= 0 ? pattern[..(slash + 1)] + "**/" + pattern[(slash + 1)..] : pattern + "/**",
            7 => slash >= 0 ? pattern[..(slash + 1)] + "**/" + pattern[(pattern.LastIndexOf('/') + 1)..] : pattern + "*",
            _ => before + after,
        };
    }
}
