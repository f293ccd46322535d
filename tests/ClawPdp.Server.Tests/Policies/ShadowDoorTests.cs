using ClawPdp.Authoring.Replay;
using ClawPdp.Ledger;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Policies;

public sealed class ShadowDoorTests : IAsyncLifetime
{
    private PolicyBed? _made;

    private PolicyBed Bed => _made ?? throw new InvalidOperationException("not started");

    private PolicyService.PolicyServiceClient Policies => Bed.Policies;

    public async ValueTask InitializeAsync() => _made = await PolicyBed.StartAsync(static (settings, _) => settings with { Audiences = ["clawpdp", "gateway-a"] });

    public async ValueTask DisposeAsync()
    {
        await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ShadowPolicy_CandidateDiffers_LiveAnswersAndTheDifferenceIsCounted()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var candidate = await Bed.HoldAsync(TestPolicies.Of("candidate", ["argo-cd"]));
        var before = await Bed.AskAsync(token, "github");

        var begun = await Policies.ShadowPolicyAsync(new ShadowPolicyRequest { PolicyHashB64U = candidate });
        var answers = new[] { await Bed.AskAsync(token, "github"), await Bed.AskAsync(token, "github"), await Bed.AskAsync(token, "argo-cd"), await Bed.AskAsync(token, "splunk") };
        var report = await Policies.GetShadowReportAsync(new GetShadowReportRequest());

        Assert.Equal((candidate, 1), (begun.Shadowed.PolicyHashB64U, begun.Shadowed.SampleInterval));
        Assert.Equal([Effect.Allow, Effect.Allow, Effect.Allow, Effect.Deny], answers.Select(static answer => answer.Effect));
        Assert.All(answers, answer => Assert.Equal(before.PolicyHashB64U, answer.PolicyHashB64U));
        Assert.Equal((candidate, 3, 1), (report.Shadowed.PolicyHashB64U, report.ComparedCount, report.AgreedCount));
        var difference = Assert.Single(report.Differences);
        Assert.Equal((ReasonCode.Allowed, ReasonCode.PolicyViolation, 2, answers[1].DecisionId), (difference.LiveReasonCode, difference.CandidateReasonCode, difference.Count, difference.SampleDecisionId));
    }

    [Fact]
    public async Task ShadowPolicy_SampleInterval_KeepsTheFirstAndEveryNthInRecords()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var candidate = await Bed.HoldAsync(TestPolicies.Of("candidate", ["argo-cd"]));
        await Policies.ShadowPolicyAsync(new ShadowPolicyRequest { PolicyHashB64U = candidate, SampleInterval = 3 });
        var ids = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            ids.Add((await Bed.AskAsync(token, "github")).DecisionId);
        }

        await Bed.RestartAsync();
        using var reader = LedgerReader.Open(Bed.Installation.DataDirectory);
        var sampled = reader.ReadContents(RecordKind.Decision)
            .Select(static content => (Text: System.Text.Encoding.UTF8.GetString(content.Span), Decision: RecordedDecisionReader.Read(content.Span)))
            .Where(item => item.Text.Contains($"\"shadow\":{{\"policy_hash_b64u\":\"{candidate}\",\"reason_code\":\"POLICY_VIOLATION\"}}", StringComparison.Ordinal))
            .Select(static item => item.Decision?.DecisionId ?? "");

        Assert.Equal([ids[0], ids[3]], sampled);
    }

    [Fact]
    public async Task ShadowPolicy_Restart_GoesOnAndCountsAnew()
    {
        var candidate = await Bed.HoldAsync(TestPolicies.Of("candidate", ["argo-cd"]));
        await Policies.ShadowPolicyAsync(new ShadowPolicyRequest { PolicyHashB64U = candidate, SampleInterval = 7 });
        await Bed.AskAsync((await Bed.TokenAsync()).Cst, "github");

        await Bed.RestartAsync();
        var report = await Policies.GetShadowReportAsync(new GetShadowReportRequest());

        Assert.Equal((candidate, 7, 0), (report.Shadowed.PolicyHashB64U, report.Shadowed.SampleInterval, report.ComparedCount));
    }

    [Fact]
    public async Task ShadowPolicy_Ended_IsAskedNoMore()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var candidate = await Bed.HoldAsync(TestPolicies.Of("candidate", ["argo-cd"]));
        await Policies.ShadowPolicyAsync(new ShadowPolicyRequest { PolicyHashB64U = candidate });

        var ended = await Policies.ShadowPolicyAsync(new ShadowPolicyRequest());
        await Bed.AskAsync(token, "github");

        Assert.Equal("", ended.Shadowed.PolicyHashB64U);
        Assert.Null((await Policies.GetShadowReportAsync(new GetShadowReportRequest())).Shadowed);
        await Bed.RestartAsync();
        Assert.Null((await Policies.GetShadowReportAsync(new GetShadowReportRequest())).Shadowed);
    }

    [Fact]
    public async Task ShadowPolicy_AudienceOfItsOwn_CountsThatAlone()
    {
        var token = (await Bed.TokenAsync()).Cst;
        var candidate = await Bed.HoldAsync(TestPolicies.Of("candidate", ["argo-cd"]));
        await Policies.ShadowPolicyAsync(new ShadowPolicyRequest { PolicyHashB64U = candidate, Audience = "gateway-a" });

        await Bed.AskAsync(token, "github");

        Assert.Equal(0, (await Policies.GetShadowReportAsync(new GetShadowReportRequest { Audience = "gateway-a" })).ComparedCount);
        Assert.Null((await Policies.GetShadowReportAsync(new GetShadowReportRequest())).Shadowed);
    }

    [Theory]
    [InlineData("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "", ReasonCode.WpcNotFound)]
    [InlineData("", "elsewhere", ReasonCode.AudienceNotAllowed)]
    public async Task ShadowPolicy_UnknownPolicyOrAudience_IsRefusedAndChangesNothing(string hash, string audience, ReasonCode reason)
    {
        var candidate = hash.Length > 0 ? hash : await Bed.HoldAsync(TestPolicies.Of("candidate", ["argo-cd"]));

        var response = await Policies.ShadowPolicyAsync(new ShadowPolicyRequest { PolicyHashB64U = candidate, Audience = audience });

        Assert.Equal(reason, response.Refusal?.ReasonCode);
        Assert.Null((await Policies.GetShadowReportAsync(new GetShadowReportRequest { Audience = audience })).Shadowed);
    }
}
