using System.Text.Json.Nodes;
using ClawPdp.Core.Decisions;
using ClawPdp.V1;
using CsCheck;
using Grpc.Core;
using Effect = ClawPdp.V1.Effect;
using ReasonCode = ClawPdp.V1.ReasonCode;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>The same question gets the same answer by gRPC and by AuthZEN, whatever is asked; and a search finds what is allowed and nothing else.</summary>
[Collection(PlainDoors.Name)]
public sealed class DifferentialTests : IClassFixture<ApprovalSidecar>, IDisposable
{
    private const int QuestionCount = 400;

    private static readonly string Hash = new('A', 43);

    private static readonly Gen<string> Names = OneOf(
        "github", "github/create_issue", "argo-cd", "terraform", "splunk", "crowdstrike/scan", "gpt-4o", "claude-sonnet-4-20250514", "api.github.com",
        "API.GITHUB.COM.", "x.atlassian.net:443", "example.com", "127.0.0.1", "[::1]:80", "*", "a b", "..", "ünïcode", new string('a', 300));

    private static readonly Gen<string> Providers = OneOf("", "openai", "anthropic", "other", new string('p', 65));
    private static readonly Gen<string> Audiences = OneOf("", "", "", "clawpdp", "elsewhere");
    private static readonly Gen<string> Hashes = OneOf("", "", "", "", "", Hash, "short", new string('x', 129));
    private static readonly Gen<string> Tickets = OneOf("", "OPS-1", "OPS-2");
    private static readonly Gen<int> Holders = Gen.Int[0, 5];

    private readonly RunningSidecar[] _sidecars;
    private readonly AuthZenCaller[] _callers;

    public DifferentialTests(ApprovalSidecar approvals, RunningSidecar plain)
    {
        _sidecars = [approvals, plain];
        _callers = [new AuthZenCaller(approvals), new AuthZenCaller(plain)];
    }

    public void Dispose() => Array.ForEach(_callers, static caller => caller.Dispose());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Evaluate_AnyQuestion_IsAnsweredAsByGrpc(int sidecar)
    {
        var tokens = await TokensAsync(_sidecars[sidecar]);
        var reasons = new HashSet<ReasonCode>();
        var questions = Gen.Select(OneOf("tool", "model", "host"), Names, Providers, Audiences, Hashes, Tickets, Holders)
            .Select(drawn => RequestOf(drawn.Item1, drawn.Item2, drawn.Item3, drawn.Item4, drawn.Item5, drawn.Item6, tokens[drawn.Item7]));
        await questions.Array[QuestionCount].SampleAsync(
            async drawn =>
            {
                foreach (var request in drawn.Append(RequestOf("tool", "github", "", "", "", "", tokens[0])))
                {
                    reasons.Add(await CompareAsync(_sidecars[sidecar], _callers[sidecar], request));
                }
            },
            iter: 1,
            threads: 1,
            print: static drawn => $"{drawn.Length} questions");

        Assert.True(reasons.Count >= 8, string.Join(", ", reasons));
        Assert.Contains(ReasonCode.Allowed, reasons);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static async Task<string[]> TokensAsync(RunningSidecar sidecar)
    {
        var revoked = await sidecar.TokenOfAsync("alice");
        await sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = revoked });
        var alice = await sidecar.TokenOfAsync("alice");
        return [alice, await sidecar.TokenOfAsync("bob"), await sidecar.TokenOfAsync("carol"), revoked, alice[..^4] + "AAAA", ""];
    }

    private static AuthorizeRequest RequestOf(string kind, string name, string provider, string audience, string hash, string ticket, string token)
    {
        var request = new AuthorizeRequest { Cst = token, Provider = provider, Audience = audience, PolicyHash = hash };
        AuthorizeRequest.Descriptor.FindFieldByName(kind).Accessor.SetValue(request, name);
        if (ticket.Length > 0)
        {
            request.Context["Caller:Ticket"] = ticket;
        }

        return request;
    }

    private static async Task<ReasonCode> CompareAsync(RunningSidecar sidecar, AuthZenCaller caller, AuthorizeRequest request)
    {
        var (effect, reason) = await ByGrpcAsync(sidecar, request);
        var question = QuestionOf(caller, request);
        var (isAllowed, name) = await caller.AskAsync(request.Cst, question);
        var found = await caller.PostAsync(AuthZenCaller.ActionSearch, question.ToJsonString(), ("X-CST", request.Cst));

        Assert.Equal((effect == Effect.Allow, ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)reason)), (isAllowed, name));
        Assert.Equal(isAllowed, found.Find("results") is { Items.IsEmpty: false });
        return reason;
    }

    // What gRPC refuses as no question at all is one that AuthZEN answers with no.
    private static async Task<(Effect Effect, ReasonCode Reason)> ByGrpcAsync(RunningSidecar sidecar, AuthorizeRequest request)
    {
        try
        {
            var answer = await sidecar.Client.Decisions.AuthorizeAsync(request);
            return (answer.Effect, answer.ReasonCode);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            return (Effect.Deny, ReasonCode.RequestInvalid);
        }
    }

    private static JsonObject QuestionOf(AuthZenCaller caller, AuthorizeRequest request)
    {
        var (type, id, action) = request switch
        {
            { Tool.Length: > 0 } => ("tool", request.Tool, "call"),
            { Model.Length: > 0 } => ("model", request.Model, "use"),
            _ => ("host", request.Host, "connect"),
        };
        var question = caller.Question(type, id, action);
        question["context"] = new JsonObject
        {
            ["provider"] = request.Provider,
            ["audience"] = request.Audience,
            ["policy_hash"] = request.PolicyHash,
            ["properties"] = new JsonObject(request.Context.Select(static stated => KeyValuePair.Create(stated.Key, (JsonNode?)stated.Value))),
        };
        return question;
    }
}
