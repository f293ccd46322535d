using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Server.Tests;

/// <summary>Explain and ListAllowed through a real socket.</summary>
[Trait("Door", "published")]
public sealed class ExplainDoorTests : IClassFixture<DurableSidecar>
{
    private readonly DurableSidecar _sidecar;

    public ExplainDoorTests(DurableSidecar sidecar) => _sidecar = sidecar;

    [Theory]
    [InlineData("github", "", "", "", Effect.Allow, ReasonCode.Allowed)]
    [InlineData("splunk", "", "", "", Effect.Deny, ReasonCode.ToolNotAllowed)]
    [InlineData("", "gpt-4o", "", "openai", Effect.Allow, ReasonCode.Allowed)]
    [InlineData("", "gpt-4o", "", "", Effect.Deny, ReasonCode.PolicyProviderNotAllowed)]
    [InlineData("", "", "127.1", "", Effect.Deny, ReasonCode.HostInvalid)]
    public async Task Explain_Question_AnswersAsAuthorizeAndTellsWhy(string tool, string model, string host, string provider, Effect effect, ReasonCode reason)
    {
        var request = new AuthorizeRequest { Cst = await _sidecar.TokenOfAsync("alice"), Tool = tool, Model = model, Host = host, Provider = provider, RequestId = "r" };

        var authorized = await _sidecar.Client.Decisions.AuthorizeAsync(request);
        var explained = await _sidecar.Client.Decisions.ExplainAsync(new ExplainRequest { Request = request });

        Assert.Equal((effect, reason, "r"), (explained.Answer.Effect, explained.Answer.ReasonCode, explained.Answer.RequestId));
        Assert.Equal((authorized.Effect, authorized.ReasonCode, authorized.Message), (explained.Answer.Effect, explained.Answer.ReasonCode, explained.Answer.Message));
        Assert.Equal(authorized.StatementIds, explained.Answer.StatementIds);
        Assert.Equal(("", LogMode.Unspecified), (explained.Answer.DecisionId, explained.Answer.LogMode));
        Assert.Equal(effect == Effect.Allow ? 0 : 1, explained.Checks.Count(static check => check.Outcome == CheckOutcome.Failed));
        Assert.All(explained.Checks.SkipLast(1), static check => Assert.NotEqual(CheckOutcome.Failed, check.Outcome));
    }

    [Fact]
    public async Task Explain_Any_RecordsNothingAndShowsNoToken()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var before = CountRecords();

        var explained = await _sidecar.Client.Decisions.ExplainAsync(new ExplainRequest { Request = new AuthorizeRequest { Cst = token, Tool = "github" } });
        await _sidecar.Client.Decisions.ListAllowedAsync(new ListAllowedRequest { Cst = token, Kind = Dimension.Tool });

        Assert.Equal(before, CountRecords());
        var text = JsonFormatter.Default.Format(explained);
        Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, text, StringComparison.Ordinal));
        Assert.Contains("github", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_NoQuestion_IsInvalidArgument()
    {
        var absent = await Assert.ThrowsAsync<RpcException>(async () => await _sidecar.Client.Decisions.ExplainAsync(new ExplainRequest()));
        var tooLong = await Assert.ThrowsAsync<RpcException>(async () =>
            await _sidecar.Client.Decisions.ExplainAsync(new ExplainRequest { Request = new AuthorizeRequest { Tool = new string('a', 257) } }));

        Assert.Equal((StatusCode.InvalidArgument, StatusCode.InvalidArgument), (absent.StatusCode, tooLong.StatusCode));
    }

    [Fact]
    public async Task ListAllowed_OfAnEngineer_ListsWhatTheTokenGrantsAndThePolicyLeaves()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var tools = await _sidecar.Client.Decisions.ListAllowedAsync(new ListAllowedRequest { Cst = token, Kind = Dimension.Tool, Candidates = { "github", "splunk" } });
        var models = await _sidecar.Client.Decisions.ListAllowedAsync(new ListAllowedRequest { Cst = token, Kind = Dimension.Model });
        var hosts = await _sidecar.Client.Decisions.ListAllowedAsync(new ListAllowedRequest { Cst = token, Kind = Dimension.Host, Candidates = { "a.atlassian.net:443" } });

        Assert.Equal(["argo-cd", "github", "terraform"], tools.Allowed.Names);
        Assert.Empty(models.Allowed.Names);
        Assert.Equal(["a.atlassian.net:443", "api.github.com"], hosts.Allowed.Names);
        Assert.Equal(["*.atlassian.net", "api.github.com"], hosts.Allowed.Patterns);
        Assert.Equal(["api.github.com", "*.atlassian.net", "*.splunkcloud.com"], Assert.Single(Assert.Single(hosts.Allowed.Limits).Allow).AnyOf.Select(static pattern => pattern.Host));
        Assert.NotNull(tools.CacheableUntil);
    }

    [Fact]
    public async Task ListAllowed_NoToken_IsRefused()
    {
        var response = await _sidecar.Client.Decisions.ListAllowedAsync(new ListAllowedRequest { Kind = Dimension.Host });

        Assert.Null(response.Allowed);
        Assert.Equal(ReasonCode.TokenRequired, response.Refusal.ReasonCode);
        Assert.Null(response.CacheableUntil);
    }

    [Theory]
    [InlineData(Dimension.Unspecified, 0, 0)]
    [InlineData(Dimension.Provider, 0, 0)]
    [InlineData(Dimension.Tool, 1025, 1)]
    [InlineData(Dimension.Tool, 1, 0)]
    [InlineData(Dimension.Tool, 1, 257)]
    [InlineData(Dimension.Host, 1, 513)]
    public async Task ListAllowed_FieldOverItsLimit_IsInvalidArgument(Dimension kind, int count, int length)
    {
        var request = new ListAllowedRequest { Kind = kind };
        request.Candidates.AddRange(Enumerable.Repeat(new string('a', length), count));

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await _sidecar.Client.Decisions.ListAllowedAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
    }

    [Fact]
    public async Task AuthorizeBatch_ManyQuestions_AnswersEachAsAlone()
    {
        var tokens = new[] { await _sidecar.TokenOfAsync("alice"), await _sidecar.TokenOfAsync("bob"), "", "a.b.c" };
        string[] tools = ["", "github", "splunk", "crowdstrike/hosts", "no such"];
        string[] models = ["", "gpt-4o", "gpt-5"];
        string[] hosts = ["", "api.github.com:443", "127.1", "x.atlassian.net"];
        AuthorizeRequest[] questions =
        [
            .. from token in tokens
               from tool in tools
               from model in models
               from host in hosts
               select new AuthorizeRequest { Cst = token, Tool = tool, Model = model, Host = host, Provider = tool.Length > 0 ? "openai" : "", RequestId = $"{tool}|{model}|{host}" },
        ];
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(questions);

        var answers = (await _sidecar.Client.Decisions.AuthorizeBatchAsync(batch)).Responses;
        var singles = await Task.WhenAll(questions.Select(AskAloneAsync));

        Assert.Equal(singles.Select(TellingPart), answers.Select(TellingPart));
        Assert.Superset(
            new HashSet<ReasonCode> { ReasonCode.Allowed, ReasonCode.RequestInvalid, ReasonCode.TokenRequired, ReasonCode.TokenMalformed, ReasonCode.ToolInvalid, ReasonCode.HostInvalid, ReasonCode.PolicyProviderNotAllowed },
            answers.Select(static answer => answer.ReasonCode).ToHashSet());
    }

    // A question that is none is INVALID_ARGUMENT alone, and REQUEST_INVALID in a batch.
    private async Task<AuthorizeResponse> AskAloneAsync(AuthorizeRequest request)
    {
        try
        {
            return await _sidecar.Client.Decisions.AuthorizeAsync(request);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            return new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = ReasonCode.RequestInvalid, ReasonClass = ReasonClass.Structural, Message = exception.Status.Detail, RequestId = request.RequestId };
        }
    }

    private static (Effect, ReasonCode, ReasonClass, string, string, string, Dimension, string) TellingPart(AuthorizeResponse answer) => (
        answer.Effect,
        answer.ReasonCode,
        answer.ReasonClass,
        answer.Message,
        answer.PolicyHashB64U,
        answer.TokenScopeHashB64U,
        answer.FailedDimension,
        answer.RequestId);

    private long CountRecords()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_sidecar.Installation.DataDirectory, "ledger.db"), Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM record";
        return command.ExecuteScalar() as long? ?? 0;
    }
}
