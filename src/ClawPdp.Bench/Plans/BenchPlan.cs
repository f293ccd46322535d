using System.Collections.Immutable;
using ClawPdp.Bench.Transport;
using ClawPdp.Core.Faults;

namespace ClawPdp.Bench.Plans;

/// <summary>A run that is within all bounds.</summary>
public sealed class BenchPlan
{
    private const int OpenCallersPerConnection = 64;

    private BenchPlan(BenchOptions options, BenchTarget target)
    {
        Options = options;
        Target = target;
        var share = options.Rate is null ? 1 : OpenCallersPerConnection;
        Callers = options.Callers ?? (options.Call == CallKind.Stream ? options.Connections : Math.Min(options.Connections * share, BenchLimits.CallersMax));
        Seconds = options.Seconds ?? (options.Count is null && !options.IsCold ? BenchLimits.SecondsDefault : BenchLimits.SecondsMax);
        Count = Math.Min(options.Count ?? BenchLimits.CountMax, options.IsCold ? ColdCalls(options) : BenchLimits.CountMax);
        Mix = new AnswerMix(options.DenyShare);
    }

    /// <summary>Gets what was asked for.</summary>
    public BenchOptions Options { get; }

    /// <summary>Gets where the calls go.</summary>
    public BenchTarget Target { get; }

    /// <summary>Gets how many callers, or streams, there are in all.</summary>
    public int Callers { get; }

    /// <summary>Gets how many calls can be under way at once.</summary>
    public int Slots => Options.Call == CallKind.Stream ? Callers * Options.InFlight : Callers;

    /// <summary>Gets the longest that the measured part takes, in seconds.</summary>
    public double Seconds { get; }

    /// <summary>Gets the most calls that are measured.</summary>
    public long Count { get; }

    /// <summary>Gets which questions must be denied.</summary>
    public AnswerMix Mix { get; }

    /// <summary>Gets how many questions a call has.</summary>
    public int QuestionsPerCall => QuestionsOf(Options);

    /// <summary>Checks what was asked for.</summary>
    /// <returns>The plan, or every fault, each with the option's name in place of a pointer.</returns>
    public static Result<BenchPlan> Create(BenchOptions options)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var target = BenchTarget.Read(options.Server, options.AllowRemote, faults);
        CheckLoad(options, faults);
        CheckTime(options, faults);
        if (options.Call != CallKind.Raw)
        {
            CheckQuestions(options, faults);
            CheckTokens(options, faults);
            CheckProofs(options, faults);
        }

        if (options.Label.Length > BenchLimits.LabelLengthMax || options.Label.Any(char.IsControl))
        {
            faults.Add(new Fault("--label", $"at most {BenchLimits.LabelLengthMax} printable characters"));
        }

        if (faults.Count > 0 || target is null)
        {
            return Result.Invalid<BenchPlan>(faults.ToImmutable());
        }

        var plan = new BenchPlan(options, target);
        var perConnection = (plan.Callers + options.Connections - 1) / options.Connections;
        return perConnection <= BenchLimits.CallersPerConnectionMax
            ? Result.Valid(plan)
            : Result.Invalid<BenchPlan>("--callers", $"{perConnection} on one connection, at most {BenchLimits.CallersPerConnectionMax}: more would wait inside the tool");
    }

    private static int QuestionsOf(BenchOptions options) => options.Call == CallKind.Batch ? options.Batch : 1;

    // The last token is for the warm-up, so that no token of the measured part has been seen before.
    private static long ColdCalls(BenchOptions options) => (options.TokenCount - 1) / QuestionsOf(options);

    private static void CheckLoad(BenchOptions options, ImmutableArray<Fault>.Builder faults)
    {
        Within(options.Connections, 1, BenchLimits.ConnectionsMax, "--connections", faults);
        Within(options.Batch, 1, BenchLimits.BatchMax, "--batch", faults);
        Within(options.InFlight, 1, BenchLimits.InFlightMax, "--in-flight", faults);
        if (options.Callers is { } callers)
        {
            Within(callers, options.Connections, BenchLimits.CallersMax, "--callers", faults);
        }

        if (options.InFlight > 1 && options.Call != CallKind.Stream)
        {
            faults.Add(new Fault("--in-flight", "belongs to --call stream"));
        }

        if (options.Rate is { } rate && !(rate > 0 && rate <= BenchLimits.RateMax))
        {
            faults.Add(new Fault("--rate", $"more than 0 and at most {BenchLimits.RateMax} a second"));
        }
    }

    private static void CheckTime(BenchOptions options, ImmutableArray<Fault>.Builder faults)
    {
        if (options.Seconds is { } seconds && !(seconds >= BenchLimits.SecondsMin && seconds <= BenchLimits.SecondsMax))
        {
            faults.Add(new Fault("--seconds", $"from {BenchLimits.SecondsMin} to {BenchLimits.SecondsMax}"));
        }

        if (!(options.WarmUpSeconds >= 0 && options.WarmUpSeconds <= BenchLimits.WarmUpMax))
        {
            faults.Add(new Fault("--warm-up", $"from 0s to {BenchLimits.WarmUpMax}s"));
        }

        if (options.Count is { } count)
        {
            Within(count, 1, BenchLimits.CountMax, "--count", faults);
        }
    }

    private static void CheckQuestions(BenchOptions options, ImmutableArray<Fault>.Builder faults)
    {
        if (!(options.DenyShare >= 0 && options.DenyShare <= 1))
        {
            faults.Add(new Fault("--deny-share", "from 0 to 1"));
        }

        if (options.DenyShare < 1 && options.Allowed.IsEmpty)
        {
            faults.Add(new Fault("--tool, --model, --host", "at least one is needed for the question that must be allowed"));
        }

        if (options.DenyShare > 0 && options.Denied.IsEmpty)
        {
            faults.Add(new Fault("--deny-tool, --deny-model, --deny-host", "at least one is needed with --deny-share"));
        }

        if (options.Call == CallKind.Receipt)
        {
            CheckReceipt(options, faults);
        }
    }

    private static void CheckReceipt(BenchOptions options, ImmutableArray<Fault>.Builder faults)
    {
        var asked = options.Allowed;
        if (options.DenyShare > 0)
        {
            faults.Add(new Fault("--deny-share", "receipts are asked for what is allowed alone"));
        }

        if (new[] { asked.Tool, asked.Model, asked.Host }.Count(static text => text.Length > 0) != 1)
        {
            faults.Add(new Fault("--tool, --model, --host", "a receipt is about exactly one"));
        }

        if (asked.Model.Length > 0 && asked.Provider.Length == 0)
        {
            faults.Add(new Fault("--provider", "the receipt of a model call names it"));
        }
    }

    private static void CheckTokens(BenchOptions options, ImmutableArray<Fault>.Builder faults)
    {
        Within(options.TokenCount, 1, BenchLimits.TokensMax, "--tokens", faults);
        if (!options.IsCold)
        {
            return;
        }

        if (options.Call == CallKind.Receipt)
        {
            faults.Add(new Fault("--cold", "is for questions, not for receipts"));
        }

        var asked = options.Count ?? (options.Rate is { } rate && options.Seconds is { } seconds ? (long)Math.Ceiling(Math.Min(rate * seconds, BenchLimits.CountMax)) : 1);
        if (asked > ColdCalls(options))
        {
            var needed = (asked * QuestionsOf(options)) + 1;
            faults.Add(new Fault("--cold", $"{needed} tokens are needed, one for each question and one for the warm-up, and there are {options.TokenCount}"));
        }
    }

    // A call has a proof for each token that it shows; a stream must have those for all of the run when it is opened.
    private static void CheckProofs(BenchOptions options, ImmutableArray<Fault>.Builder faults)
    {
        var tokens = options.Call switch
        {
            CallKind.Stream => options.TokenCount,
            CallKind.Batch => Math.Min(options.Batch, options.TokenCount),
            _ => 1,
        };
        if (options.IsProven && tokens > BenchHolder.ProofsPerCallMax)
        {
            var what = options.Call == CallKind.Stream ? "stream" : "batch";
            faults.Add(new Fault("--holder-key", $"a {what} carries {BenchHolder.ProofsPerCallMax} proofs, each for one token, and would show {tokens}: give fewer tokens"));
        }
    }

    private static void Within(long value, long min, long max, string option, ImmutableArray<Fault>.Builder faults)
    {
        if (value < min || value > max)
        {
            faults.Add(new Fault(option, $"from {min} to {max}"));
        }
    }
}
