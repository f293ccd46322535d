using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>
/// What does a decision's record take until it is on disk, alone and with 63 others, against one write and flush of its size? The disk is that of
/// the temporary folder.
/// </summary>
public class LedgerAppend
{
    private const int Together = 64;
    private const int RecordSizeBytes = 600;

    private readonly byte[] _block = new byte[RecordSizeBytes];
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-benchmarks-").FullName;
    private readonly DecisionRecord _record = new()
    {
        DecisionId = "",
        DecidedAt = EngineRig.Now,
        Effect = "ALLOW",
        ReasonCode = "ALLOWED",
        TokenHash = new string('0', 64),
        Tool = EngineRig.Tool,
        AgentDid = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT",
        Audience = EngineRig.Audience,
        Mode = "durable",
    };

    private LedgerStore? _ledger;
    private FileStream? _file;

    [GlobalSetup]
    public void Prepare()
    {
        _ledger = LedgerStore.Open(new LedgerSettings { DirectoryPath = Path.Combine(_folder, "ledger") }, TimeProvider.System, NullLogger.Instance);
        _file = new FileStream(Path.Combine(_folder, "floor"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    [GlobalCleanup]
    public async Task EndAsync()
    {
        if (_ledger is not null)
        {
            await _ledger.DisposeAsync();
        }

        if (_file is not null)
        {
            await _file.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public void WriteAndFlush()
    {
        _file?.Write(_block);
        _file?.Flush(flushToDisk: true);
    }

    [Benchmark]
    public Task<long> Alone() => AppendAsync();

    [Benchmark(OperationsPerInvoke = Together)]
    public Task WithOthers() => Task.WhenAll(Enumerable.Range(0, Together).Select(_ => AppendAsync()));

    private Task<long> AppendAsync() =>
        _ledger?.AppendDecisionAsync(_record with { DecisionId = "dec_" + Guid.CreateVersion7().ToString("N") }) ?? throw new InvalidOperationException("no ledger");
}
