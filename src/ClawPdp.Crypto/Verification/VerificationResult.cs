using System.Collections.Immutable;

namespace ClawPdp.Crypto.Verification;

/// <summary>The verdict on an envelope.</summary>
public sealed record VerificationResult
{
    /// <summary>Gets a value indicating whether every check passed.</summary>
    public required bool IsValid { get; init; }

    /// <summary>Gets the public verifier's code of the first check that failed; <c>VALID</c> when none did.</summary>
    public required string Code { get; init; }

    /// <summary>Gets the member at fault; empty when none in particular.</summary>
    public string Field { get; init; } = "";

    /// <summary>Gets the fault in words; empty when valid.</summary>
    public string Message { get; init; } = "";

    /// <summary>Gets the signer that the envelope names; empty where it could not be read.</summary>
    public string SignerDid { get; init; } = "";

    /// <summary>Gets the envelope's type; empty where it could not be read.</summary>
    public string EnvelopeType { get; init; } = "";

    /// <summary>Gets the payload's <c>receipt_id</c>; empty where there is none.</summary>
    public string ReceiptId { get; init; } = "";

    /// <summary>Gets the payload; <see langword="null"/> where it could not be read. Proves nothing unless valid.</summary>
    public Core.Json.JsonValue? Payload { get; init; }

    /// <summary>Gets the hash of the payload that the envelope states, base64url; empty where it could not be read. Proves nothing unless valid.</summary>
    public string PayloadHash { get; init; } = "";

    /// <summary>Gets the checks that were done, in order; the last one is the one that failed, if any did.</summary>
    public required ImmutableArray<VerificationCheck> Checks { get; init; }
}
