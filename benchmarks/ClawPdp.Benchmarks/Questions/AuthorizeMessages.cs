using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Direct;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What do the messages of Authorize take to read and to write? Google.Protobuf is the baseline of each; the codec of the direct endpoint stands beside it.</summary>
public class AuthorizeMessages
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly byte[] _output = new byte[1024];
    private readonly AuthorizeResponse _answer = new()
    {
        Effect = Effect.Allow,
        ReasonCode = ReasonCode.Allowed,
        DecisionId = "dec_019af8a1c2d37e4f8a5b6c7d8e9f0a1b",
        TokenScopeHashB64U = Hash,
        PolicyHashB64U = Hash,
        PolicyVersion = "deploy-approval-v3",
        CacheableUntil = Timestamp.FromDateTimeOffset(EngineRig.Now),
        Epoch = 1_764_000_000_000,
        RevocationViewAge = new Duration(),
        KeyViewAge = new Duration(),
        LogMode = LogMode.Asynchronous,
        DecidedAt = Timestamp.FromDateTimeOffset(EngineRig.Now),
        RequestId = "request-1",
    };

    private readonly RecordedDecision _decision = new(
        new Decision
        {
            Effect = Core.Decisions.Effect.Allow,
            Reason = Core.Decisions.ReasonCode.Allowed,
            Message = "allowed",
            CacheableUntil = EngineRig.Now,
            Epoch = 1_764_000_000_000,
        },
        "dec_019af8a1c2d37e4f8a5b6c7d8e9f0a1b",
        EngineRig.Now,
        "deploy-approval-v3",
        DecisionLogMode.Asynchronous);

    private byte[] _question = [];

    [GlobalSetup]
    public void Prepare()
    {
        using var rig = new EngineRig(1);
        _question = new AuthorizeRequest { Cst = rig.Sign(8), Tool = EngineRig.Tool, Provider = "anthropic", RequestId = "request-1" }.ToByteArray();
        if (!DirectRead() || DirectWrite() == 0 || ProtobufRead().Tool != EngineRig.Tool || ProtobufWrite() != _answer.CalculateSize())
        {
            throw new InvalidOperationException("the messages do not read as they were written");
        }
    }

    [Benchmark]
    public AuthorizeRequest ProtobufRead() => AuthorizeRequest.Parser.ParseFrom(_question);

    [Benchmark]
    public bool DirectRead() => AuthorizeReader.TryRead(_question, memo: null, out _, out _);

    [Benchmark]
    public int ProtobufWrite()
    {
        var size = _answer.CalculateSize();
        _answer.WriteTo(_output.AsSpan(0, size));
        return size;
    }

    [Benchmark]
    public int DirectWrite() => AuthorizeWriter.CanWrite(_decision, "request-2".Length, out _) ? AuthorizeWriter.Write(_decision, "request-2"u8, _output) : 0;

    [Benchmark]
    public int ProtobufWriteOfANewAnswer()
    {
        var answer = new AuthorizeResponse(_answer) { RequestId = "request-2" };
        var size = answer.CalculateSize();
        answer.WriteTo(_output.AsSpan(0, size));
        return size;
    }
}
