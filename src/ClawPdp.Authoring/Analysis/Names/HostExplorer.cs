using System.Collections.Immutable;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>Finds every kind of host: names by their patterns, and addresses by their blocks.</summary>
internal static class HostExplorer
{
    // A label that comes near the longest has to be counted.
    private const int LongLabel = 40;

    /// <summary>Gives a host of every kind, and whether there are no others for certain.</summary>
    public static (ImmutableArray<string> Hosts, bool IsComplete) Explore(IReadOnlyCollection<NamePattern> patterns, IReadOnlyCollection<IpNetwork> networks)
    {
        var names = NameExplorer.Explore(patterns, new HostGrammar(patterns.Any(HasLongLabel)));
        var quads = NameExplorer.Explore(patterns, new QuadGrammar());
        var brackets = NameExplorer.Explore([.. patterns.Where(static pattern => !IsText(pattern))], new BracketGrammar());
        var addresses = AddressWitnesses.Of(networks)
            .Select(static address => address.ToString())
            .Concat(quads.Classes.Select(static found => found.Witness))
            .Concat(patterns.Where(IsText).Select(TextOf).Where(static text => HostName.TryParse(text, out var host) && host.Value.IsAddress && string.Equals(host.Value.Name, text, StringComparison.Ordinal)));

        // Blocks and patterns are looked at one after the other: where both could tell one address from another, some pairs were not tried.
        var areAddressesTold = brackets is { IsComplete: true, Classes.Length: 1 } && quads.IsComplete && (networks.Count == 0 || AreQuadsAlike(patterns));
        return ([.. names.Classes.Select(static found => found.Witness).Concat(addresses).Distinct(StringComparer.Ordinal)], names.IsComplete && areAddressesTold);
    }

    private static bool AreQuadsAlike(IEnumerable<NamePattern> patterns) =>
        NameExplorer.Explore([.. patterns.Where(static pattern => !IsText(pattern))], new QuadGrammar()).Classes.Length == 1;

    private static bool IsText(NamePattern pattern) => pattern.Pieces.All(static piece => piece.Kind is PieceKind.Unit or PieceKind.End);

    private static string TextOf(NamePattern pattern) => new([.. pattern.Pieces.SkipLast(1).Select(static piece => piece.Unit)]);

    private static bool HasLongLabel(NamePattern pattern)
    {
        var (length, longest) = (0, 0);
        foreach (var piece in pattern.Pieces)
        {
            length = piece is { Kind: PieceKind.Unit, Unit: '.' } ? 0 : length + 1;
            longest = Math.Max(longest, length);
        }

        return longest >= LongLabel;
    }
}
