using ClawPdp.Authoring.Testing;

namespace ClawPdp.Authoring.Tests.Testing;

public sealed class TestFileFaultTests : IDisposable
{
    private const string Policy = """
        {"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[
          {"sid":"A","effect":"Allow","actions":["tool:execute"],"resources":["x"],"conditions":{"NumericLessThan":{"Context:Hour":"9"}}}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "", "/cases")]
    [InlineData("extra: 1\n", "  - {name: a, action: {tool: x}, expect: {effect: deny}}", "/extra")]
    [InlineData("defaults: {approved: true}\n", "  - {name: a, action: {tool: x}, expect: {effect: deny}}", "/defaults/approved")]
    [InlineData("", "  - {action: {tool: x}, expect: {effect: deny}}", "/cases/0")]
    [InlineData("", "  - {name: a, expect: {effect: deny}}", "/cases/0/action")]
    [InlineData("", "  - {name: a, action: {provider: x}, expect: {effect: deny}}", "/cases/0/action")]
    [InlineData("", "  - {name: a, action: {tool: x}}", "/cases/0")]
    [InlineData("", "  - {name: a, action: {tool: x}, expect: {}}", "/cases/0/expect")]
    [InlineData("", "  - {name: a, action: {tool: x}, expect: {effect: Allow}}", "/cases/0/expect/effect")]
    [InlineData("", "  - {name: a, action: {tool: x}, expect: {effect: deny, reason: NO_SUCH_REASON}}", "/cases/0/expect/reason")]
    [InlineData("", "  - {name: a, action: {tool: x}, expect: {effect: deny, sids: [B]}}", "/cases/0/expect/sids")]
    [InlineData("", "  - {name: a, action: {tool: x, method: y}, expect: {effect: deny}}", "/cases/0/action/method")]
    [InlineData("", "  - {name: a, action: {tool: 7}, expect: {effect: deny}}", "/cases/0/action/tool")]
    [InlineData("", "  - {name: a, at: yesterday, action: {tool: x}, expect: {effect: deny}}", "/cases/0/at")]
    [InlineData("", "  - {name: a, context: {Request:HasHumanApproval: \"true\"}, action: {tool: x}, expect: {effect: deny}}", "/cases/0/context/Request:HasHumanApproval")]
    [InlineData("", "  - {name: a, context: {\"Caller:X\": true}, action: {tool: x}, expect: {effect: deny}}", "/cases/0/context/Caller:X")]
    [InlineData("", "  - {name: a, claims: {subject: y}, action: {tool: x}, expect: {effect: deny}}", "/cases/0/claims/subject")]
    [InlineData("", "  - {name: a, claims: {scope: [\"tool:a b\"]}, action: {tool: x}, expect: {effect: deny}}", "/cases/0/claims/scope/0")]
    [InlineData("", "  - {name: a, token: none.jwt, action: {tool: x}, expect: {effect: deny}}", "/cases/0/token")]
    [InlineData("", "  - {name: a, token: \"a\\0b\", action: {tool: x}, expect: {effect: deny}}", "/cases/0/token")]
    [InlineData("", "  - {name: a, approved: \"yes\", action: {tool: x}, expect: {effect: deny}}", "/cases/0/approved")]
    public void Load_BadFile_IsRefusedAtItsPlace(string members, string cases, string pointer)
    {
        _folder.Write("p.json", Policy);
        var path = _folder.Write("a.test.yaml", $"policy: p.json\n{members}{(members.StartsWith("defaults", StringComparison.Ordinal) ? "" : "defaults: {at: 2026-01-05T09:00:00Z}\n")}cases:\n{cases}\n".Replace("cases:\n\n", "cases: []\n", StringComparison.Ordinal));
        var report = PolicyTestRun.Run([path], null);

        var fault = report.Faults[0];
        Assert.Equal((path, pointer), (fault.File, fault.Fault.Pointer));
        Assert.NotNull(fault.Fault.Line);
        Assert.Empty(report.Suites);
    }

    [Fact]
    public void Load_CaseWithoutInstant_IsRefusedWhereThePolicyLooksAtTheClock()
    {
        _folder.Write("p.json", Policy);
        var report = PolicyTestRun.Run([_folder.Write("a.test.yaml", "policy: p.json\ncases:\n  - {name: a, action: {tool: x}, expect: {effect: deny}}\n")], null);

        Assert.Equal(("/cases/0", 3), (report.Faults[0].Fault.Pointer, report.Faults[0].Fault.Line));
    }

    [Fact]
    public void Load_NameThatStandsTwice_IsRefused()
    {
        _folder.Write("p.json", Policy);
        var report = PolicyTestRun.Run([_folder.Write("a.test.yaml", "policy: p.json\ndefaults: {at: 2026-01-05T09:00:00Z, action: {tool: x}}\ncases:\n  - {name: a, expect: {effect: deny}}\n  - {name: a, expect: {effect: deny}}\n")], null);

        Assert.Equal("/cases/1/name", Assert.Single(report.Faults).Fault.Pointer);
    }

    [Fact]
    public void Load_FaultOfThePolicy_IsReportedInItsFile()
    {
        var policy = _folder.Write("p.json", Policy.Replace("NumericLessThan", "NumericLess", StringComparison.Ordinal));
        var path = _folder.Write("a.test.json", """{"policy":"p.json","cases":[{"name":"a","action":{"tool":"x"},"expect":{"effect":"deny"}}]}""");
        var report = PolicyTestRun.Run([path], null);

        Assert.Contains(report.Faults, fault => fault.File == policy && fault.Fault is { Line: 2, Pointer: "/statements/0/conditions/NumericLess" });
        Assert.Contains(report.Faults, fault => fault.File == path && fault.Fault.Pointer == "/policy");
    }

    [Fact]
    public void Load_MissingParent_IsRefusedUnlessGiven()
    {
        _folder.Write("p.json", Policy);
        var hash = ClawPdp.Core.Policies.WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(Policy)).Value.PolicyHash;
        _folder.Write("c.json", Policy.Replace("\"policy_id\":\"p\"", $"\"policy_id\":\"c\",\"inherits\":\"{hash}\"", StringComparison.Ordinal));
        const string Cases = "policy: c.json\ndefaults: {at: 2026-01-05T08:00:00Z}\ncases: [{name: a, action: {tool: x}, expect: {effect: allow, sids: [A, A]}}]\n";

        var without = PolicyTestRun.Run([_folder.Write("a.test.yaml", Cases)], null);
        var with = PolicyTestRun.Run([_folder.Write("b.test.yaml", "parents: [p.json]\n" + Cases)], null);

        Assert.Equal("/policy", Assert.Single(without.Faults).Fault.Pointer);
        Assert.Empty(with.Faults);
        Assert.Equal(1, with.PassedCount);
    }

    [Fact]
    public void Load_OneBadFile_DoesNotKeepTheOthersFromRunning()
    {
        _folder.Write("p.json", Policy);
        _folder.Write("a.test.yaml", "policy: p.json\n");
        _folder.Write("deep/b.test.yaml", "policy: ../p.json\ndefaults: {at: 2026-01-05T08:00:00Z}\ncases: [{name: a, action: {tool: x}, expect: {effect: allow}}]\n");
        var report = PolicyTestRun.Run([_folder.Root], null);

        Assert.Single(report.Faults);
        Assert.Equal(1, report.PassedCount);
    }

    [Fact]
    public void Find_FolderWithoutTests_IsAFault() => Assert.Equal(_folder.Root, Assert.Single(PolicyTestRun.Run([_folder.Root], null).Faults).File);

    [Fact]
    public void Find_PathThatIsNotThere_IsAFault() => Assert.Single(PolicyTestRun.Run([Path.Combine(_folder.Root, "none")], null).Faults);
}
