using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;
using ClawPdp.Crypto;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What do the steps of a receipt take: its payload with all checks, the canonical form, the hash, the signature?</summary>
public class ReceiptSigning
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly PurposeKey _key = new(KeyPurpose.Receipt, Ed25519SigningKey.Generate());
    private readonly Ed25519SigningKey _bare = Ed25519SigningKey.Generate();
    private readonly byte[] _hashText = System.Text.Encoding.ASCII.GetBytes(Hash);
    private readonly ToolReceipt _receipt = new()
    {
        ReceiptId = "tr_019af8a1c2d37e4f8a5b6c7d8e9f0a1b",
        ToolName = EngineRig.Tool,
        AgentDid = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT",
        ArgumentsHash = Hash,
        ResultHash = Hash,
        ResultStatus = "success",
        LatencyMilliseconds = 12,
        Timestamp = EngineRig.Now,
        Binding = new ReceiptBinding { RunId = "run-1", EventHash = Hash, Nonce = "nonce-1", PolicyHash = Hash, TokenScopeHash = Hash },
    };

    private JsonValue _payload = JsonValue.Null;
    private byte[] _canonical = [];

    [GlobalSetup]
    public void Prepare()
    {
        _payload = Payload();
        _canonical = Canonical();
        if (Whole().Json.IsEmpty)
        {
            throw new InvalidOperationException("the envelope is empty");
        }
    }

    [GlobalCleanup]
    public void End()
    {
        _key.Dispose();
        _bare.Dispose();
    }

    [Benchmark(Baseline = true)]
    public byte[] NSecSign() => _bare.Sign(_hashText);

    [Benchmark]
    public JsonValue Payload() => _receipt.ToPayload().Value;

    [Benchmark]
    public byte[] Canonical() => JsonWriter.WriteCanonical(_payload);

    [Benchmark]
    public string Sha256OfIt() => Sha256.B64u(_canonical);

    [Benchmark]
    public SignedEnvelope Whole() => _key.SignEnvelope(EnvelopeTypes.ToolReceipt, Payload(), EngineRig.Now);
}
