using System.Collections.Immutable;
using ClawPdp.Crypto;

namespace ClawPdp.TransparencyLog;

/// <summary>What a log is made of.</summary>
public sealed record LogSettings
{
    /// <summary>Gets the folder of the log's files.</summary>
    public required string DirectoryPath { get; init; }

    /// <summary>Gets the name of the log and of its key.</summary>
    public required string Origin { get; init; }

    /// <summary>Gives the key that signs now.</summary>
    public required Func<PurposeKey> Signer { get; init; }

    /// <summary>Gives the did:keys whose earlier signatures count: the present key and the ones before it.</summary>
    public required Func<ImmutableArray<string>> AcceptedDids { get; init; }

    /// <summary>Gets the size up to which every entry is checked when the log is opened; above it the newest are. The default is 65,536.</summary>
    public long FullCheckSizeMax { get; init; } = 65_536;
}
