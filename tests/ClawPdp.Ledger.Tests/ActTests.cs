using System.Text;
using ClawPdp.Ledger.Records;

namespace ClawPdp.Ledger.Tests;

public sealed class ActTests : IDisposable
{
    private static readonly ActRecord Full = new()
    {
        ActId = "act_1",
        ActedAt = Samples.Instant,
        Operation = "ActivatePolicy",
        Target = "policy",
        Reason = "because",
        By = "uid:1000 pid:0 token:ci",
        Listener = "admin_socket",
        UserId = uint.MaxValue,
        ProcessId = 0,
        SpiffeId = "spiffe://example.org/ops",
        TokenName = "ci",
        Address = "127.0.0.1:4242",
    };

    private readonly TemporaryLedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Append_Act_IsInTheChain()
    {
        await using var store = _ledger.Open();

        var sequence = await store.AppendActAsync(Full, TestContext.Current.CancellationToken);

        var record = Assert.Single(store.ReadRecords(sequence, 1));
        Assert.Equal((RecordKind.Act, Full), (record.Kind, ActContent.Read(record.Content)));
        Assert.Equal(Samples.Instant, RecordInstant.Of(RecordKind.Act, record.Content));
        Assert.Null(store.VerifyChain(store.Head, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Write_WhatIsNotKnown_IsLeftOut()
    {
        var act = new ActRecord { ActId = "act_1", ActedAt = Samples.Instant, Operation = "CreateAgentKey", By = "local" };

        var content = ActContent.Write(act);

        Assert.Equal("""{"act_id":"act_1","acted_at":"2026-01-01T12:30:15.1234560Z","operation":"CreateAgentKey","by":"local"}""", Encoding.UTF8.GetString(content));
        Assert.Equal(act, ActContent.Read(content));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Write_LongName_HasAnEnd(int length, bool isTaken)
    {
        var act = Full with { By = new string('x', length) };

        Assert.Equal(isTaken, Record.Exception(() => ActContent.Write(act)) is null);
    }
}
