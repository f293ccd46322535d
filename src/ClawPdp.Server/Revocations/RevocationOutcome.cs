using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Revocations;

/// <summary>What became of a revocation.</summary>
internal sealed record RevocationOutcome
{
    /// <summary>Gets why nothing was revoked; <see langword="null"/> when the target is revoked.</summary>
    public (ReasonCode Reason, string Message, string Field)? Refusal { get; init; }

    public bool IsNew { get; init; }

    public DateTimeOffset RevokedAt { get; init; }

    public string RevocationId { get; init; } = "";

    public long Epoch { get; init; }
}
