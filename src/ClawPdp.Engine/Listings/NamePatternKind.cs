namespace ClawPdp.Engine.Listings;

/// <summary>How a pattern that a policy holds against a name is read.</summary>
public enum NamePatternKind
{
    /// <summary>Not at all: matches nothing.</summary>
    Unspecified = 0,

    /// <summary>As a pattern of policies of version 2, see <see cref="Core.Grammar.SegmentGlob"/>; of a host its name without the port.</summary>
    Glob = 1,

    /// <summary>As the name itself; of a host without the port.</summary>
    Exact = 2,

    /// <summary>As a pattern of <c>allowed_models</c>: <c>*</c> for any characters, letters without regard to case.</summary>
    ModelV1 = 3,

    /// <summary>As a host pattern of our grammar, with the port where it has one, see <see cref="Core.Grammar.HostPattern"/>.</summary>
    Host = 4,

    /// <summary>As an address or block of addresses; a host that is none has no value here.</summary>
    Network = 5,

    /// <summary>As a range of ports; a host that names none has no value here.</summary>
    Ports = 6,
}
