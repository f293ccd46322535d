namespace ClawPdp.Ledger.Runs;

/// <summary>The start of a run: everything that one agent does for one task.</summary>
public sealed record RunRecord
{
    /// <summary>Gets the run's id, unique in the ledger: 1 to 1024 characters.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the agent that the run belongs to, the <c>sub</c> of its tokens.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the SHA-256 of the text of the token that it was started with, lower-case hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Gets when it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }
}
