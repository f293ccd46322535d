using ClawPdp.V1;
using Google.Protobuf.Collections;

namespace ClawPdp.Server.Cli;

/// <summary>Prints for people what a token may use.</summary>
internal static class AllowedText
{
    /// <summary>Prints.</summary>
    public static void Print(AllowedList allowed)
    {
        Output.Line(allowed.Names.Count == 0 ? "names: none" : "names");
        foreach (var name in allowed.Names)
        {
            Output.Line("  " + name);
        }

        Output.Line(allowed.Patterns.Count == 0 ? "patterns: none" : "patterns");
        foreach (var pattern in allowed.Patterns)
        {
            Output.Line("  " + pattern);
        }

        foreach (var limit in allowed.Limits)
        {
            Output.Line($"of the patterns the policy {limit.PolicyHashB64U}");
            Print("allows", limit.Allow);
            Print("denies", limit.Deny);
        }
    }

    private static void Print(string word, IEnumerable<NameCondition> conditions)
    {
        foreach (var condition in conditions)
        {
            var parts = new[] { Part("any of", condition.AnyOf), Part("all of", condition.AllOf), Part("none of", condition.NoneOf) };
            Output.Line($"  {word} {condition.Sid}: {string.Join("; ", parts.Where(static part => part.Length > 0))}");
        }
    }

    private static string Part(string word, RepeatedField<NamePattern> patterns) =>
        patterns.Count == 0 ? "" : $"{word} {string.Join(", ", patterns.Select(Of))}";

    private static string Of(NamePattern pattern)
    {
        var text = pattern.KindCase switch
        {
            NamePattern.KindOneofCase.Glob => pattern.Glob,
            NamePattern.KindOneofCase.Exact => "exactly " + pattern.Exact,
            NamePattern.KindOneofCase.ModelV1 => pattern.ModelV1 + " in any case",
            NamePattern.KindOneofCase.Host => pattern.Host,
            NamePattern.KindOneofCase.Network => "addresses in " + pattern.Network,
            NamePattern.KindOneofCase.Ports when pattern.Ports.Last < pattern.Ports.First => "no port at all",
            NamePattern.KindOneofCase.Ports => pattern.Ports.First == pattern.Ports.Last ? $"port {pattern.Ports.First}" : $"ports {pattern.Ports.First} to {pattern.Ports.Last}",
            _ => "what this program does not know",
        };
        var without = pattern.KindCase switch
        {
            NamePattern.KindOneofCase.Network => " or no address",
            _ => " or none named",
        };
        return pattern.MatchesWithoutValue ? text + without : text;
    }
}
