using ClawPdp.Ledger;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Tests.Maintenance;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Decisions;

/// <summary>What strangers can make the ledger grow.</summary>
public sealed class StrangerDoorTests
{
    private const int QuestionCount = 20 * 256;

    [Fact]
    public async Task Authorize_ManyQuestionsWithoutAToken_AreFewRecordsThatCountThemAll()
    {
        await using var sidecar = await StoppableSidecar.StartNewAsync();
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Repeat(new AuthorizeRequest { Cst = "a.b.c", Tool = "github" }, 256));
        var answers = new List<AuthorizeResponse>();
        for (var round = 0; round < QuestionCount / 256; round++)
        {
            answers.AddRange((await sidecar.Client.Decisions.AuthorizeBatchAsync(batch)).Responses);
        }

        var known = await sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = sidecar.Token, Tool = "github" });
        await sidecar.StopAsync();

        using var ledger = LedgerReader.Open(sidecar.Data);
        var records = ledger.ReadContents(RecordKind.Decision).Select(static content => System.Text.Json.JsonDocument.Parse(content).RootElement).ToArray();
        var together = Assert.Single(records, static record => record.TryGetProperty("question_count", out _));
        Assert.Equal(StrangerTally.SingleMax + 2, records.Length);
        Assert.Equal(QuestionCount - StrangerTally.SingleMax, together.GetProperty("question_count").GetInt64());
        Assert.All(answers, static answer => Assert.Equal((Effect.Deny, LogMode.Asynchronous), (answer.Effect, answer.LogMode)));
        Assert.Equal(records.Select(static record => record.GetProperty("decision_id").GetString()).Order(), answers.Append(known).Select(static answer => (string?)answer.DecisionId).Distinct().Order());
        Assert.Equal(0, await StoppableSidecar.RunAsync("check", sidecar.Data));
    }
}
