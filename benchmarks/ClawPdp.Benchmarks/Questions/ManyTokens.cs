using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What does a decision take when the tokens come in turns: by how many live? Two generations of 16,384 are remembered; 33,000 are too many.</summary>
public class ManyTokens
{
    private EngineRig _rig = new(1);
    private Question[] _questions = [];
    private int _next;

    [Params(1, 100, 1_000, 10_000, 30_000, 33_000)]
    public int Tokens { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _rig.Dispose();
        _rig = new EngineRig(1);
        _questions = [.. Enumerable.Range(0, Tokens).Select(number => EngineRig.QuestionOf(_rig.Sign(8, number)))];
        foreach (var question in _questions)
        {
            _rig.Require(question, Effect.Allow);
        }
    }

    [GlobalCleanup]
    public void End() => _rig.Dispose();

    [Benchmark]
    public Decision InTurns()
    {
        _next = _next + 1 < _questions.Length ? _next + 1 : 0;
        return _rig.Decide(_questions[_next]);
    }
}
