using ClawPdp.Ledger;
using ClawPdp.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Telemetry;

public sealed class TraceRecordTests(MeasuredSidecar sidecar) : IClassFixture<MeasuredSidecar>
{
    [Fact]
    public async Task Answer_InATrace_IsRecordedWithIt()
    {
        var ledger = sidecar.Services.GetRequiredService<LedgerStore>();
        await ledger.FlushDecisionsAsync(TestContext.Current.CancellationToken);

        var records = sidecar.DecisionIds.Select(ledger.FindDecision).ToList();

        Assert.Equal(5, records.Count);
        Assert.All(records, static record => Assert.Equal((MeasuredSidecar.TraceParent, MeasuredSidecar.TraceState), (record?.TraceParent, record?.TraceState)));
    }

    [Fact]
    public async Task Answer_InNoTrace_IsRecordedWithoutOne()
    {
        var ledger = sidecar.Services.GetRequiredService<LedgerStore>();
        var answer = await sidecar.Client.Decisions.AuthorizeAsync(
            new AuthorizeRequest { Tool = "github", RequestId = "no trace" },
            new Metadata { { "traceparent", "not-one" } });
        await ledger.FlushDecisionsAsync(TestContext.Current.CancellationToken);

        var record = ledger.FindDecision(answer.DecisionId);

        Assert.NotNull(record);
        Assert.Null(record.TraceParent);
    }
}
