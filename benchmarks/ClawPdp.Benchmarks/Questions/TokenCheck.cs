using System.Text;
using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Core.Encoding;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>What does a token take at first sight and later, against one check of an Ed25519 signature of that size by NSec?</summary>
public class TokenCheck
{
    // More than the cache remembers, so that each is seen as for the first time when its turn comes again.
    private const int ColdCount = 33_000;

    private readonly EngineRig _rig = new(1);
    private string[] _tokens = [];
    private byte[] _input = [];
    private byte[] _signature = [];
    private int _next;

    [GlobalSetup]
    public void Prepare()
    {
        _tokens = [.. Enumerable.Range(0, ColdCount).Select(number => _rig.Sign(8, number))];
        var end = _tokens[0].LastIndexOf('.');
        _input = Encoding.ASCII.GetBytes(_tokens[0][..end]);
        _signature = Base64UrlText.TryDecode(_tokens[0].AsSpan(end + 1), out var signature) ? signature : [];
        if (!NSecVerify() || !Warm() || !Cold())
        {
            throw new InvalidOperationException("a token does not verify");
        }
    }

    [GlobalCleanup]
    public void End() => _rig.Dispose();

    [Benchmark(Baseline = true)]
    public bool NSecVerify() => _rig.PublicKey.Verify(_input, _signature);

    [Benchmark]
    public bool Cold()
    {
        _next = _next + 1 < _tokens.Length ? _next + 1 : 1;
        return Verify(_tokens[_next]);
    }

    [Benchmark]
    public bool Warm() => Verify(_tokens[0]);

    private bool Verify(string token) => TokenVerifier.Verify(token, _rig.Keys, _rig.Lineages, EngineRig.Now).Token is not null;
}
