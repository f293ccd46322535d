namespace ClawPdp.Ledger.Runs;

/// <summary>A document that other records name by its hash, kept once.</summary>
public sealed record DocumentRecord
{
    /// <summary>A scope mapping, as its JCS.</summary>
    public const string ScopeMapping = "scope_mapping";

    /// <summary>A policy, as its signed envelope.</summary>
    public const string Policy = "policy";

    /// <summary>Another signed envelope of a policy that is kept already, named by the SHA-256 of its own text.</summary>
    public const string PolicyEnvelope = "policy_envelope";

    /// <summary>A human's approval that was used up, as its signed envelope.</summary>
    public const string HumanApproval = "human_approval";

    /// <summary>The keys of the installation after a change of them, by their public halves.</summary>
    public const string KeyRing = "key_ring";

    /// <summary>Gets the kind: <see cref="ScopeMapping"/>, <see cref="Policy"/>, <see cref="PolicyEnvelope"/>, <see cref="HumanApproval"/> or <see cref="KeyRing"/>.</summary>
    public required string DocumentType { get; init; }

    /// <summary>Gets the hash by which it is named, base64url.</summary>
    public required string Hash { get; init; }

    /// <summary>Gets when it was recorded.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Gets the text: UTF-8, 1 byte to 1 MiB.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }
}
