using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Tests;

public sealed class PlanTests
{
    private static readonly BenchOptions Good = new() { Server = "http://127.0.0.1:7080", TokenCount = 1, Allowed = new Question { Tool = "github" } };

    public static TheoryData<string, BenchOptions> Refused => new()
    {
        { "--server", Good with { Server = "http://192.0.2.1:7080" } },
        { "--server", Good with { Server = "http://localhost.example:7080" } },
        { "--server", Good with { Server = "http://user@127.0.0.1:7080" } },
        { "--server", Good with { Server = "ftp://127.0.0.1" } },
        { "--server", Good with { Server = "unix:relative.sock" } },
        { "--server", Good with { Server = "" } },
        { "--rate", Good with { Rate = 0 } },
        { "--rate", Good with { Rate = BenchLimits.RateMax + 1 } },
        { "--rate", Good with { Rate = double.NaN } },
        { "--connections", Good with { Connections = 0 } },
        { "--connections", Good with { Connections = BenchLimits.ConnectionsMax + 1 } },
        { "--callers", Good with { Callers = BenchLimits.CallersMax + 1, Connections = 64 } },
        { "--callers", Good with { Callers = 1, Connections = 2 } },
        { "--callers", Good with { Callers = BenchLimits.CallersPerConnectionMax + 1 } },
        { "--batch", Good with { Call = CallKind.Batch, Batch = BenchLimits.BatchMax + 1 } },
        { "--in-flight", Good with { Call = CallKind.Stream, InFlight = BenchLimits.InFlightMax + 1 } },
        { "--in-flight", Good with { InFlight = 2 } },
        { "--seconds", Good with { Seconds = BenchLimits.SecondsMax + 1 } },
        { "--seconds", Good with { Seconds = double.PositiveInfinity } },
        { "--seconds", Good with { Seconds = 0 } },
        { "--count", Good with { Count = 0 } },
        { "--count", Good with { Count = BenchLimits.CountMax + 1 } },
        { "--warm-up", Good with { WarmUpSeconds = BenchLimits.WarmUpMax + 1 } },
        { "--warm-up", Good with { WarmUpSeconds = -1 } },
        { "--deny-share", Good with { DenyShare = 1.1, Denied = new Question { Tool = "x" } } },
        { "--deny-tool, --deny-model, --deny-host", Good with { DenyShare = 0.5 } },
        { "--tool, --model, --host", Good with { Allowed = new Question() } },
        { "--tool, --model, --host", Good with { Call = CallKind.Receipt, Allowed = new Question { Tool = "github", Host = "api.github.com" } } },
        { "--provider", Good with { Call = CallKind.Receipt, Allowed = new Question { Model = "gpt-4o" } } },
        { "--tokens", Good with { TokenCount = 0 } },
        { "--tokens", Good with { TokenCount = BenchLimits.TokensMax + 1 } },
        { "--cold", Good with { IsCold = true, Count = 10, TokenCount = 10 } },
        { "--cold", Good with { IsCold = true, Rate = 10, Seconds = 1, TokenCount = 10 } },
        { "--cold", Good with { IsCold = true, Call = CallKind.Batch, Batch = 16, Count = 2, TokenCount = 32 } },
        { "--cold", Good with { IsCold = true, TokenCount = 1 } },
        { "--holder-key", Good with { IsProven = true, Call = CallKind.Stream, TokenCount = 17 } },
        { "--holder-key", Good with { IsProven = true, Call = CallKind.Batch, Batch = 17, TokenCount = 17 } },
        { "--label", Good with { Label = new string('x', BenchLimits.LabelLengthMax + 1) } },
        { "--label", Good with { Label = "\u001b[31m" } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Create_OutOfBounds_IsRefusedByTheOption(string option, BenchOptions options)
    {
        var plan = BenchPlan.Create(options);

        Assert.Equal(option, Assert.Single(plan.Faults).Pointer);
    }

    [Fact]
    public void Create_SeveralFaults_TellsEach() =>
        Assert.Equal(3, BenchPlan.Create(Good with { Connections = 0, Seconds = 0, DenyShare = 2 }).Faults.Count(static fault => fault.Pointer is "--connections" or "--seconds" or "--deny-share"));

    [Theory]
    [InlineData("http://127.0.0.1:7080", null)]
    [InlineData("http://[::1]:7080", null)]
    [InlineData("http://localhost:7080", null)]
    [InlineData("unix:/run/clawpdp.sock", "/run/clawpdp.sock")]
    public void Create_HereOnly_IsTaken(string server, string? path) => Assert.Equal(path, BenchPlan.Create(Good with { Server = server }).Value.Target.SocketPath);

    [Fact]
    public void Create_RemoteThatIsAllowed_IsTaken() => Assert.True(BenchPlan.Create(Good with { Server = "http://192.0.2.1:7080", AllowRemote = true }).IsValid);

    [Fact]
    public void Create_Defaults_AreBounded()
    {
        Assert.Equal((1, 10, BenchLimits.CountMax), (BenchPlan.Create(Good).Value.Slots, BenchPlan.Create(Good).Value.Seconds, BenchPlan.Create(Good).Value.Count));
        Assert.Equal((64, BenchLimits.SecondsMax), (BenchPlan.Create(Good with { Rate = 10, Count = 5 }).Value.Slots, BenchPlan.Create(Good with { Count = 5 }).Value.Seconds));
        Assert.Equal(48, BenchPlan.Create(Good with { Call = CallKind.Stream, Connections = 3, InFlight = 16 }).Value.Slots);
    }

    [Fact]
    public void Create_Cold_IsBoundedByItsTokensAndKeepsOneForTheWarmUp()
    {
        Assert.Equal(99, BenchPlan.Create(Good with { IsCold = true, TokenCount = 100 }).Value.Count);
        Assert.Equal(6, BenchPlan.Create(Good with { IsCold = true, TokenCount = 100, Call = CallKind.Batch, Batch = 16 }).Value.Count);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 100)]
    [InlineData(0.25, 250)]
    [InlineData(0.5, 500)]
    [InlineData(1, 1_000)]
    public void Mix_OfAThousand_DeniesTheShareEvenlyAndAlwaysTheSame(double share, int denied)
    {
        var mix = new AnswerMix(share);

        var questions = Enumerable.Range(0, 1_000).Select(sequence => mix.IsDenied(sequence)).ToArray();

        Assert.Equal(denied, questions.Count(static isDenied => isDenied));
        Assert.Equal(questions, Enumerable.Range(0, 1_000).Select(sequence => new AnswerMix(share).IsDenied(sequence)));
        Assert.All(questions.Chunk(100), chunk => Assert.InRange(chunk.Count(static isDenied => isDenied), (share * 100) - 1, (share * 100) + 1));
    }

    [Fact]
    public void TokenOrder_Cold_UsesEachOnceAndTheLastForTheWarmUpAlone()
    {
        var order = new TokenOrder(4, isCold: true);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(question => order.IndexOf(question)));
        Assert.Equal(3, order.IndexOf(TokenOrder.WarmUpFirst + 17));
        Assert.Throws<InvalidOperationException>(() => order.IndexOf(3));
    }

    [Fact]
    public void TokenOrder_Warm_UsesEachInItsTurn() => Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(static question => new TokenOrder(3, isCold: false).IndexOf(question)));

    [Theory]
    [InlineData("/a.B/C", true)]
    [InlineData("/clawpdp.v1.DecisionService/Authorize", true)]
    [InlineData("a.B/C", false)]
    [InlineData("/a.B", false)]
    [InlineData("/a.B/", false)]
    [InlineData("//C", false)]
    [InlineData("/a/b/c", false)]
    [InlineData("/a.B/C?x", false)]
    public void RawRequest_Method_IsAPathOfTwoNames(string method, bool isOne) => Assert.Equal(isOne, RawRequest.IsMethod(method));
}
