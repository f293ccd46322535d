using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Policies;

/// <summary>A policy whose signature held.</summary>
internal sealed record LoadedPolicy
{
    public required WorkPolicyContract Policy { get; init; }

    public required string SignerDid { get; init; }

    /// <summary>Gets the envelope, byte for byte as it was read.</summary>
    public required byte[] EnvelopeJson { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>Gets the number of the activation, from 1.</summary>
    public required long ActivationNumber { get; init; }
}
