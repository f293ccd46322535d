namespace ClawPdp.Engine.Decisions;

/// <summary>One action that an agent wants to take; a dimension that is <see langword="null"/> or empty is not asked.</summary>
public sealed record Question
{
    /// <summary>Gets the whole text of the CST.</summary>
    public required string? Token { get; init; }

    /// <summary>Gets the tool.</summary>
    public string? Tool { get; init; }

    /// <summary>Gets the model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the destination host, with an optional port.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the hash of the policy that the caller believes is in force.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets the model's provider, which a v1 policy may demand.</summary>
    public string? Provider { get; init; }
}
