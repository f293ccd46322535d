using System.Globalization;
using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What does a warm decision take by how much is revoked of others?</summary>
public class RevokedDecision
{
    private EngineRig _rig = new(1);
    private Question _question = new() { Token = null };

    [Params(0, 1_000, 10_000, 100_000, 1_000_000)]
    public int Revocations { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _rig.Dispose();
        _rig = new EngineRig(1);
        for (var number = 0; number < Revocations; number++)
        {
            _rig.Revocations.Revoke(RevocationKind.TokenId, string.Create(CultureInfo.InvariantCulture, $"revoked-{number}"));
        }

        _question = EngineRig.QuestionOf(_rig.Sign(8));
        _rig.Require(_question, Effect.Allow);
    }

    [GlobalCleanup]
    public void End() => _rig.Dispose();

    [Benchmark]
    public Decision Warm() => _rig.Decide(_question);
}
