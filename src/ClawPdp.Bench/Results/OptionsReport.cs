using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Results;

/// <summary>What was asked of a run.</summary>
public sealed record OptionsReport
{
    /// <summary>Gets what a call was: <c>authorize</c>, <c>batch</c>, <c>stream</c>, <c>receipt</c> or <c>raw</c>.</summary>
    public required string Call { get; init; }

    /// <summary>Gets the target as it was given.</summary>
    public required string Server { get; init; }

    /// <summary>Gets the method of a raw call; otherwise empty.</summary>
    public required string Method { get; init; }

    /// <summary>Gets <c>open</c> or <c>closed</c>.</summary>
    public required string Loop { get; init; }

    /// <summary>Gets the calls a second of an open loop; absent for a closed one.</summary>
    public double? Rate { get; init; }

    /// <summary>Gets the connections.</summary>
    public required int Connections { get; init; }

    /// <summary>Gets the callers, or streams, in all.</summary>
    public required int Callers { get; init; }

    /// <summary>Gets the questions of a call.</summary>
    public required int QuestionsPerCall { get; init; }

    /// <summary>Gets the questions under way on a stream.</summary>
    public required int InFlight { get; init; }

    /// <summary>Gets how many tokens there were.</summary>
    public required int Tokens { get; init; }

    /// <summary>Gets a value indicating whether each token was used once.</summary>
    public required bool Cold { get; init; }

    /// <summary>Gets a value indicating whether the calls carried proofs of the key that the tokens are bound to.</summary>
    public bool Proofs { get; init; }

    /// <summary>Gets the share of questions that had to be denied.</summary>
    public required double DenyShare { get; init; }

    /// <summary>Gets the warm-up, in seconds.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Gets the bound on the measured part's time, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the bound on its calls; absent where there was none.</summary>
    public long? Count { get; init; }

    /// <summary>Gets the question that had to be allowed, apart from the token.</summary>
    public required Question Allowed { get; init; }

    /// <summary>Gets the question that had to be denied, apart from the token.</summary>
    public required Question Denied { get; init; }

    /// <summary>Writes down a plan.</summary>
    public static OptionsReport Of(BenchPlan plan, string method) => new()
    {
        Call = NameOf(plan.Options.Call),
        Server = plan.Options.Server,
        Method = method,
        Loop = plan.Options.Rate is null ? "closed" : "open",
        Rate = plan.Options.Rate,
        Connections = plan.Options.Connections,
        Callers = plan.Callers,
        QuestionsPerCall = plan.QuestionsPerCall,
        InFlight = plan.Options.InFlight,
        Tokens = plan.Options.TokenCount,
        Cold = plan.Options.IsCold,
        Proofs = plan.Options.IsProven,
        DenyShare = plan.Options.DenyShare,
        WarmUpSeconds = plan.Options.WarmUpSeconds,
        Seconds = plan.Seconds,
        Count = plan.Count < BenchLimits.CountMax ? plan.Count : null,
        Allowed = plan.Options.Allowed,
        Denied = plan.Options.Denied,
    };

    private static string NameOf(CallKind kind) => kind switch
    {
        CallKind.Authorize => "authorize",
        CallKind.Batch => "batch",
        CallKind.Stream => "stream",
        CallKind.Receipt => "receipt",
        CallKind.Raw => "raw",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
