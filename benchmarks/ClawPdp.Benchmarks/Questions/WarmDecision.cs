using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What does a decision take in the engine alone, for a token that was seen before: by the size of its scope and of the policy?</summary>
public class WarmDecision
{
    private readonly Question[] _questions = new Question[2];
    private EngineRig _rig = new(1);

    [Params(1, 4, 16, 64)]
    public int ScopeItems { get; set; }

    [Params(1, 4, 16, 64)]
    public int Statements { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _rig.Dispose();
        _rig = new EngineRig(Statements);
        var token = _rig.Sign(ScopeItems);
        _questions[0] = EngineRig.QuestionOf(token);
        _questions[1] = EngineRig.QuestionOf(token, "not-granted");
        _rig.Require(_questions[0], Effect.Allow);
        _rig.Require(_questions[1], Effect.Deny);
    }

    [GlobalCleanup]
    public void End() => _rig.Dispose();

    [Benchmark(Baseline = true)]
    public Decision Allow() => _rig.Decide(_questions[0]);

    [Benchmark]
    public Decision Deny() => _rig.Decide(_questions[1]);
}
