using System.Collections.Immutable;
using ClawPdp.Core.Grammar;
using ClawPdp.V1;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// The <c>scope</c> of OAuth (RFC 6749 section 3.3): the items of a token's own <c>scope</c>, with their prefixes, parted by single spaces.
/// </summary>
internal static class ScopeText
{
    /// <summary>Reads what a token shall be narrowed to. A scope says all: a dimension that it does not name is given nothing of.</summary>
    /// <param name="scope">The parameter.</param>
    /// <returns>The narrowing; <see langword="null"/> for text that is no scope.</returns>
    public static Narrowing? Read(string scope)
    {
        var narrowing = new Narrowing { Tools = new ScopeList(), Models = new ScopeList(), Egress = new ScopeList(), Scopes = new ScopeList() };
        foreach (var item in scope.Split(' '))
        {
            if (!IsToken(item))
            {
                return null;
            }

            var (list, prefix) = ListOf(narrowing, item);
            if (item.Length == prefix.Length)
            {
                return null;
            }

            list.Items.Add(item[prefix.Length..]);
        }

        return narrowing;
    }

    /// <summary>Writes the items of a token; one that OAuth has no form for is left out.</summary>
    public static string Write(ImmutableArray<string> items) => string.Join(' ', items.Where(IsToken));

    // RFC 6749 section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
    private static bool IsToken(string item) =>
        item.Length > 0 && !item.AsSpan().ContainsAnyExceptInRange('!', '~') && !item.AsSpan().ContainsAny('"', '\\');

    private static (ScopeList List, string Prefix) ListOf(Narrowing narrowing, string item) => item switch
    {
        _ when item.StartsWith(GrantedScope.ToolPrefix, StringComparison.Ordinal) => (narrowing.Tools, GrantedScope.ToolPrefix),
        _ when item.StartsWith(GrantedScope.ModelPrefix, StringComparison.Ordinal) => (narrowing.Models, GrantedScope.ModelPrefix),
        _ when item.StartsWith(GrantedScope.EgressPrefix, StringComparison.Ordinal) => (narrowing.Egress, GrantedScope.EgressPrefix),
        _ => (narrowing.Scopes, ""),
    };
}
