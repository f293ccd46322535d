using System.Collections.Immutable;

namespace ClawPdp.Server.Settings;

/// <summary>Which Work Policy Contracts are taken in, and whose signature lets them be.</summary>
internal sealed record PolicySettings
{
    /// <summary>Gets the full path of a signed policy envelope that is activated whenever it changes; <see langword="null"/> for none.</summary>
    public required string? Path { get; init; }

    /// <summary>Gets the full path of a folder of signed envelopes that are taken in, and activated by command; <see langword="null"/> for none.</summary>
    public string? DirectoryPath { get; init; }

    /// <summary>Gets the keys whose policies are accepted, beside this installation's own policy keys.</summary>
    public required ImmutableArray<PolicySigner> Signers { get; init; }

    /// <summary>Gets the DIDs (did:key) of the humans whose approvals count; none means that nothing can be approved.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>Gets a value indicating whether every decision needs an active policy; the default is no.</summary>
    public required bool Required { get; init; }

    /// <summary>Gets the DIDs of all keys that the settings name.</summary>
    public IEnumerable<string> SignerDids() =>
        Signers.SelectMany(static signer => signer.SuccessorDid is { } successor ? (string[])[signer.Did, successor] : [signer.Did]);
}
