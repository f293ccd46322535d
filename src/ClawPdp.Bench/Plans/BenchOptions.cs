namespace ClawPdp.Bench.Plans;

/// <summary>What the caller of the tool asked for, unchecked; <see cref="BenchPlan.Create"/> checks it.</summary>
public sealed record BenchOptions
{
    /// <summary>Gets the target, such as <c>http://127.0.0.1:7080</c> or <c>unix:/run/clawpdp.sock</c>.</summary>
    public required string Server { get; init; }

    /// <summary>Gets what a call is.</summary>
    public CallKind Call { get; init; }

    /// <summary>Gets the calls a second of a fixed schedule; <see langword="null"/> for a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>Gets how many connections there are.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Gets how many callers there are in all; <see langword="null"/> for one a connection, or 64 a connection with a rate.</summary>
    public int? Callers { get; init; }

    /// <summary>Gets how many questions a batch has.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Gets how many questions are under way on each stream.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>Gets a value indicating whether each token is used once.</summary>
    public bool IsCold { get; init; }

    /// <summary>Gets the warm-up, in seconds.</summary>
    public double WarmUpSeconds { get; init; } = 2;

    /// <summary>Gets the measured part, in seconds; <see langword="null"/> for the default, or for no bound of its own beside a count.</summary>
    public double? Seconds { get; init; }

    /// <summary>Gets how many calls are measured; <see langword="null"/> for as many as the time allows.</summary>
    public long? Count { get; init; }

    /// <summary>Gets the share of questions that must be denied: 0 to 1.</summary>
    public double DenyShare { get; init; }

    /// <summary>Gets the question that must be allowed.</summary>
    public Question Allowed { get; init; } = new();

    /// <summary>Gets the question that must be denied.</summary>
    public Question Denied { get; init; } = new();

    /// <summary>Gets how many tokens there are.</summary>
    public int TokenCount { get; init; }

    /// <summary>Gets a value indicating whether calls carry proofs of the key that the tokens are bound to.</summary>
    public bool IsProven { get; init; }

    /// <summary>Gets the run's label.</summary>
    public string Label { get; init; } = "";

    /// <summary>Gets a value indicating whether the target may be another machine.</summary>
    public bool AllowRemote { get; init; }
}
