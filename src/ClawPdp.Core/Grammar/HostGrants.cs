using System.Collections.Immutable;

namespace ClawPdp.Core.Grammar;

/// <summary>The granted hosts, ordered for quick answers: a set for names, one for what names end in, and a short list for the rest.</summary>
internal sealed class HostGrants
{
    private readonly ImmutableArray<HostPattern> _patterns;
    private readonly NameSet _names;
    private readonly NameSet _suffixes;
    private readonly ImmutableArray<HostPattern> _others;

    /// <summary>Sorts the patterns by how they are looked up; those with a port go to the short list.</summary>
    public HostGrants(ImmutableArray<HostPattern> patterns)
    {
        _patterns = patterns;
        _names = WithoutPort(HostPatternKind.Exact);
        _suffixes = WithoutPort(HostPatternKind.Below);
        _others = patterns.IsEmpty ? [] : [.. patterns.Where(static host => host.Port is not null || host.Kind is HostPatternKind.Network or HostPatternKind.Any)];
    }

    /// <summary>Tells whether one of the patterns matches.</summary>
    public bool Allows(HostName host)
    {
        if (!host.IsAddress && (_names.Contains(host.Name) || (IsBelowGranted(host.Name) && !GuardedHosts.Contains(host))))
        {
            return true;
        }

        foreach (var other in _others)
        {
            if (other.Matches(host))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether everything that a pattern grants is granted.</summary>
    public bool Cover(HostPattern inner) =>
        _patterns.Any(outer => outer.Covers(inner)) || (inner is { IsGuarded: false, Network: { } network } && AreGranted(network, NetworksFor(inner.Port)));

    // A half is looked into only while a granted network lies inside it, so that the work is at most the number of those
    // networks times their prefix length.
    private static bool AreGranted(IpNetwork asked, ImmutableArray<IpNetwork> granted)
    {
        if (granted.Any(network => network.Contains(asked)))
        {
            return true;
        }

        if (!granted.Any(asked.Contains))
        {
            return false;
        }

        var (lower, upper) = asked.Halves;
        return AreGranted(lower, granted) && AreGranted(upper, granted);
    }

    private ImmutableArray<IpNetwork> NetworksFor(int? port) =>
        [.. _patterns.Where(host => host.Port is null || host.Port == port).Select(static host => host.Network).OfType<IpNetwork>()];

    private NameSet WithoutPort(HostPatternKind kind)
    {
        var names = new List<string>();
        foreach (var host in _patterns)
        {
            if (host.Kind == kind && host.Port is null)
            {
                names.Add(host.Name);
            }
        }

        return NameSet.Of(names);
    }

    private bool IsBelowGranted(string name)
    {
        if (_suffixes.IsEmpty)
        {
            return false;
        }

        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = name.IndexOf('.', dot + 1))
        {
            if (_suffixes.Contains(name.AsSpan(dot)))
            {
                return true;
            }
        }

        return false;
    }
}
