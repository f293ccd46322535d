using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>
/// Host patterns in policies of version 2. They are held against the host's normal form, so that one which is not in normal form itself,
/// such as one with a capital letter, would never match: in a Deny that is a hole.
/// </summary>
internal static class PolicyHostPattern
{
    private const string BelowPrefix = "*.";

    /// <summary>Refuses a pattern that is none of our grammar, or not in normal form.</summary>
    /// <param name="item">Where it stands.</param>
    /// <param name="text">The pattern.</param>
    /// <param name="allowTopLevel">Whether a wildcard over a top-level name, <c>*.zip</c>, is acceptable: it is where it takes away.</param>
    public static void Check(JsonCursor item, string text, bool allowTopLevel)
    {
        if (text is "*" or "**" || (allowTopLevel && IsBelowTopLevel(text)))
        {
            return;
        }

        var parsed = HostPattern.Parse(text, allowWildcards: true);
        if (!parsed.TryGet(out var pattern))
        {
            item.Refuse("not a host pattern: " + parsed.Faults[0].Message, "a name, `*.name`, an address, or `*`");
        }
        else if (pattern.Port is not null)
        {
            item.Refuse("a host stands here without its port", "compare SideEffect:TargetPort in a condition");
        }
        else if (pattern.Text.Contains('/', StringComparison.Ordinal))
        {
            item.Refuse("a block of addresses is no pattern for a name", "compare SideEffect:TargetDomain with IpAddress in a condition");
        }
        else if (!string.Equals(pattern.Text, text, StringComparison.Ordinal))
        {
            item.Refuse("the host pattern is not in normal form and would never match", $"write `{pattern.Text}`");
        }
    }

    /// <summary>
    /// Refuses a host pattern that is not in normal form or has a port, where a resource may be a path as well: of the side effects only the
    /// host is ever asked, and a Deny by such a pattern would be a hole.
    /// </summary>
    public static void CheckSpelling(JsonCursor item, string text)
    {
        if (HostPattern.Parse(text, allowWildcards: true).TryGet(out var pattern) && (pattern.Port is not null || !string.Equals(pattern.Text, text, StringComparison.Ordinal)))
        {
            Check(item, text, allowTopLevel: true);
        }
    }

    private static bool IsBelowTopLevel(string text) =>
        text.StartsWith(BelowPrefix, StringComparison.Ordinal)
        && HostName.TryParse(text[BelowPrefix.Length..], out var host)
        && host is { IsAddress: false, Port: null }
        && string.Equals(host.ToString(), text[BelowPrefix.Length..], StringComparison.Ordinal);
}
