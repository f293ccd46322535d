using System.Globalization;
using System.Text;
using ClawPdp.Ledger.Chain;

namespace ClawPdp.Ledger.Tests;

public sealed class ChainTests : IDisposable
{
    private const string OneByteChanged =
        "UPDATE record SET content = CAST(replace(CAST(content AS TEXT), 'run_1', 'run_2') AS BLOB) WHERE sequence = 3";

    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Append_ConcurrentWriters_LeaveNoGap()
    {
        await using var store = _ledger.Open();

        var sequences = await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(() => AppendMany(store, writer), Cancellation)));

        Assert.Equal(Enumerable.Range(1, 64 * 20).Select(static number => (long)number), sequences.SelectMany(static own => own).Order());
        Assert.All(sequences, static own => Assert.Equal(own.Order(), own));
        Assert.Null(store.VerifyChain(store.Head, Cancellation));
    }

    [Theory]
    [InlineData(OneByteChanged, ChainFaultKind.HashMismatch, 3)]
    [InlineData("UPDATE record SET kind = 4 WHERE sequence = 3", ChainFaultKind.HashMismatch, 3)]
    [InlineData("UPDATE record SET hash = zeroblob(32) WHERE sequence = 3", ChainFaultKind.HashMismatch, 3)]
    [InlineData("DELETE FROM record WHERE sequence = 3", ChainFaultKind.MissingRecord, 3)]
    [InlineData("DELETE FROM record WHERE sequence = 1", ChainFaultKind.MissingRecord, 1)]
    [InlineData("DELETE FROM record WHERE sequence = 3; UPDATE record SET sequence = 3 WHERE sequence = 4", ChainFaultKind.HashMismatch, 3)]
    [InlineData("INSERT INTO record SELECT 7, kind, content, hash FROM record WHERE sequence = 6", ChainFaultKind.HashMismatch, 7)]
    [InlineData("DELETE FROM receipt WHERE sequence = 3", ChainFaultKind.IndexMismatch, 3)]
    [InlineData("UPDATE idempotency_key SET nonce = 'other' WHERE sequence = 3", ChainFaultKind.IndexMismatch, 3)]
    [InlineData("UPDATE event SET event_hash = 'other'", ChainFaultKind.IndexMismatch, 2)]
    [InlineData("DELETE FROM run_record WHERE sequence = 1", ChainFaultKind.IndexMismatch, 1)]
    [InlineData("UPDATE issuance SET token_hash = 'other'", ChainFaultKind.IndexMismatch, 5)]
    [InlineData("DELETE FROM revocation", ChainFaultKind.IndexMismatch, 6)]
    public async Task VerifyChain_Tampered_NamesTheFirstFault(string statement, ChainFaultKind kind, long sequence)
    {
        await FillAsync();
        _ledger.Tamper(statement);

        var refusal = Assert.Throws<LedgerException>(_ledger.Open);
        await using var store = _ledger.OpenUnchecked();

        Assert.Equal(LedgerFault.Corrupt, refusal.Fault);
        Assert.Equal(new ChainFault(kind, sequence), store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task VerifyChain_EndCutOff_IsSeenOnlyWithAHeadKeptOutside()
    {
        var head = await FillAsync();
        _ledger.Tamper("DELETE FROM record WHERE sequence = 6; DELETE FROM revocation");

        await using var store = _ledger.Open();

        Assert.Null(store.VerifyChain(cancellation: Cancellation));
        Assert.Equal(new ChainFault(ChainFaultKind.AnchorMismatch, 6), store.VerifyChain(head, Cancellation));
    }

    [Fact]
    public async Task VerifyChain_HeadKeptOutside_AgreesUntilOneBitDiffers()
    {
        var head = await FillAsync();
        await using var store = _ledger.Open();
        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        var changed = head with { Hash = (head.Hash[0] == '0' ? '1' : '0') + head.Hash[1..] };

        Assert.Null(store.VerifyChain(head, Cancellation));
        Assert.Equal(new ChainFault(ChainFaultKind.AnchorMismatch, 6), store.VerifyChain(changed, Cancellation));
    }

    [Fact]
    public void Hash_FirstRecord_IsSha256OfTagLinkSequenceKindContent()
    {
        var bytes = new List<byte>();
        bytes.AddRange(Encoding.ASCII.GetBytes("clawpdp.ledger.record.v1"));
        bytes.Add(0);
        bytes.AddRange(new byte[32]);
        bytes.AddRange([0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.Add(4);
        bytes.AddRange("{}"u8);
        using var hasher = new RecordHasher();

        var hash = hasher.Hash(ChainHead.Empty.Hash, 1, RecordKind.Refusal, "{}"u8);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()), hash);
    }

    private static async Task<List<long>> AppendMany(LedgerStore store, int writer)
    {
        var sequences = new List<long>();
        for (var index = 0; index < 20; index++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"r{writer}-{index}");
            sequences.Add(await store.AppendRefusalAsync(Samples.Refusal(id), Cancellation));
        }

        return sequences;
    }

    private async Task<LedgerHead> FillAsync()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Samples.Receipt("r1"), Cancellation);
        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        await store.AppendIssuanceAsync(Samples.Issuance("iss_1", "hash"), Cancellation);
        await store.Revocations.AppendAsync(Samples.Revocation("rev_1"), Cancellation);
        return store.Head;
    }
}
