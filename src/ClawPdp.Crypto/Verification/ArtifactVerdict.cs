using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Verification;

/// <summary>The verdict on an artefact of any kind.</summary>
public sealed record ArtifactVerdict
{
    /// <summary>Gets a value indicating whether every check passed.</summary>
    public required bool IsValid { get; init; }

    /// <summary>Gets the public verifier's code of the first check that failed; <c>VALID</c> when none did.</summary>
    public required string Code { get; init; }

    /// <summary>Gets the member at fault; empty when none in particular.</summary>
    public string Field { get; init; } = "";

    /// <summary>Gets the fault in words; empty when valid.</summary>
    public string Message { get; init; } = "";

    /// <summary>Gets the kind: an envelope type, or <c>export_bundle</c>; empty when it could not be told.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Gets the signer that the artefact names. Proves nothing unless valid.</summary>
    public string SignerDid { get; init; } = "";

    /// <summary>Gets how far a bundle's receipts prove it: <c>gateway</c>, <c>self</c>, or empty for other kinds.</summary>
    public string ProofTier { get; init; } = "";

    /// <summary>Gets the checks that were done, in order; the last one is the one that failed, if any did.</summary>
    public required ImmutableArray<VerificationCheck> Checks { get; init; }

    /// <summary>Gets what a reader should know though it does not make the artefact invalid, such as receipts that only the agent vouches for.</summary>
    public ImmutableArray<string> Findings { get; init; } = [];

    /// <summary>Gets the artefact; <see langword="null"/> where it could not be read. Proves nothing unless valid.</summary>
    public JsonValue? Artifact { get; init; }
}
