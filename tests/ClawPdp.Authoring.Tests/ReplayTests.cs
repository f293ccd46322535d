using ClawPdp.Authoring.Replay;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Tests;

public sealed class ReplayTests
{
    private const string Everything = """{"sid":"All","effect":"Allow","actions":["*"],"resources":["**"]}""";

    [Fact]
    public void Add_CandidateAgrees_ReportsNoChange()
    {
        var report = Replay(Chain(Everything), Decision("ALLOWED", "\"tool\":\"github\""));

        Assert.Empty(report.Changes);
        Assert.Equal((1, 1, 0), (report.ReadCount, report.SameCount, report.BeforePolicyCount));
    }

    [Fact]
    public void Add_CandidateDenies_NamesStatementActionAndDecision()
    {
        var candidate = Chain(Everything, """{"sid":"NoDelete","effect":"Deny","actions":["tool:execute"],"resources":["github/delete_*"]}""");

        var report = Replay(candidate, Decision("ALLOWED", "\"tool\":\"github/delete_repo\"", "dec_1"), Decision("ALLOWED", "\"tool\":\"github/read\"", "dec_2"));

        var change = Assert.Single(report.Changes);
        Assert.Equal(("ALLOWED", "POLICY_VIOLATION", 1, "dec_1"), (change.Was, change.Would, change.Count, change.DecisionId));
        Assert.Equal(["NoDelete"], change.StatementIds);
        Assert.Equal(("tool github/delete_repo", 1), Assert.Single(change.Actions));
    }

    [Fact]
    public void Add_CandidateAllows_IsAChange() =>
        Assert.Equal("ALLOWED", Assert.Single(Replay(Chain(Everything), Decision("POLICY_VIOLATION", "\"host\":\"a.example.com\"")).Changes).Would);

    [Theory]
    [InlineData("TOKEN_EXPIRED")]
    [InlineData("TOOL_NOT_ALLOWED")]
    [InlineData("POLICY_HASH_MISMATCH")]
    public void Add_DeniedBeforeThePolicy_IsNotJudged(string reason)
    {
        var report = Replay(Chain(Everything), Decision(reason, "\"tool\":\"github\""));

        Assert.Equal((1, 0), (report.BeforePolicyCount, report.SameCount));
        Assert.Empty(report.Changes);
    }

    [Fact]
    public void Add_Conditions_SeeWhatTheRecordHolds()
    {
        var candidate = Chain("""
            {"sid":"Office","effect":"Allow","actions":["*"],"resources":["**"],"conditions":{
              "NumericEquals":{"Context:Hour":"9"},"StringEquals":{"Caller:Env":"dev","Agent:DID":"did:web:a"},"Bool":{"Request:HasHumanApproval":"true"}}}
            """);
        const string Good = "\"tool\":\"github\",\"agent_did\":\"did:web:a\",\"stated\":{\"Caller:Env\":\"dev\"},\"approval_hash_b64u\":\"x\"";

        Assert.Empty(Replay(candidate, Decision("ALLOWED", Good)).Changes);
        Assert.Single(Replay(candidate, Decision("ALLOWED", Good.Replace("dev", "prod", StringComparison.Ordinal))).Changes);
        Assert.Single(Replay(candidate, Decision("ALLOWED", Good.Replace("did:web:a", "did:web:b", StringComparison.Ordinal))).Changes);
        Assert.Equal("CAPABILITY_REQUIRES_APPROVAL", Assert.Single(Replay(candidate, Decision("ALLOWED", Good.Replace("approval_hash", "other", StringComparison.Ordinal))).Changes).Would);
        Assert.Single(Replay(candidate, Decision("ALLOWED", Good, hour: "10")).Changes);
    }

    [Fact]
    public void Add_PolicyInForceAtHand_TellsWhetherTheRecordIsEnough()
    {
        var live = Chain(Everything);
        var replay = new PolicyReplay(live, hash => hash is "live" ? live : null);
        replay.Add(Decision("ALLOWED", "\"tool\":\"github\",\"policy_hash_b64u\":\"live\"", "dec_1"));
        replay.Add(Decision("POLICY_VIOLATION", "\"tool\":\"github\",\"policy_hash_b64u\":\"live\"", "dec_2"));
        replay.Add(Decision("ALLOWED", "\"tool\":\"github\",\"policy_hash_b64u\":\"other\"", "dec_3"));

        var report = replay.Report();

        Assert.Equal(1, report.ReproducedCount);
        Assert.Equal(["dec_2"], report.NotReproduced);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"decision_id":"d","reason_code":"ALLOWED"}""")]
    [InlineData("""{"decision_id":"d","decided_at":"yesterday","reason_code":"ALLOWED"}""")]
    [InlineData("not json")]
    public void Read_NoDecision_GivesNothing(string content) => Assert.Null(RecordedDecisionReader.Read(System.Text.Encoding.UTF8.GetBytes(content)));

    private static ReplayReport Replay(PolicyChain candidate, params RecordedDecision[] decisions)
    {
        var replay = new PolicyReplay(candidate, static _ => null);
        foreach (var decision in decisions)
        {
            replay.Add(decision);
        }

        return replay.Report();
    }

    private static RecordedDecision Decision(string reason, string members, string id = "dec_1", string hour = "09") =>
        RecordedDecisionReader.Read(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"decision_id":"{{id}}","decided_at":"2026-01-05T{{hour}}:30:00.0000000Z","reason_code":"{{reason}}",{{members}}}""")) ?? throw new InvalidOperationException();

    private static PolicyChain Chain(params string[] statements)
    {
        var text = $$"""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[{{string.Join(',', statements)}}]}""";
        return PolicyChain.Resolve(WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(text)).Value, static _ => null).Value;
    }
}
