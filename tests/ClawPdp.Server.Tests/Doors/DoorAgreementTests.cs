using ClawPdp.Core.Decisions;
using ClawPdp.Protocols.Envoy;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.Server.Tests.Doors.ForwardAuth;
using ClawPdp.Server.Tests.Doors.Web;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Net.Client;
using Effect = ClawPdp.V1.Effect;
using GatewayClient = ClawPdp.Protocols.ExtMcp.ExtMcp.ExtMcpClient;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Tests.Doors;

/// <summary>The same question gets the same answer by every door.</summary>
public sealed class DoorAgreementTests : IClassFixture<ForwardAuthSidecar>, IDisposable
{
    private static readonly string[] Tools = ["", "github", "splunk", "crowdstrike/hosts", "github/x", "a b"];
    private static readonly string[] Models = ["", "gpt-4o", "o3"];
    private static readonly string[] Hosts = ["", "api.github.com", "acme.atlassian.net:8443", "evil.example", "127.1", "user@api.github.com"];
    private static readonly string[] Providers = ["", "openai"];

    private readonly ForwardAuthSidecar _sidecar;
    private readonly GrpcChannel _channel;
    private readonly GrpcChannel _web;
    private readonly HttpClient _http = new();
    private readonly HttpCaller _caller;

    public DoorAgreementTests(ForwardAuthSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
        _web = GrpcWebDoorTests.ChannelTo(sidecar);
        _caller = new HttpCaller(sidecar);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _web.Dispose();
        _caller.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task Ask_AnyQuestion_IsAnsweredAlikeByEveryDoor()
    {
        var alice = await _sidecar.TokenOfAsync("alice");
        var bob = await _sidecar.TokenOfAsync("bob");
        var forged = alice[..^2] + (alice[^2] == 'A' ? 'B' : 'A') + alice[^1];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);

        foreach (var request in Questions([alice, bob, forged, "x", ""]))
        {
            var expected = await AuthorizeAsync(request);
            seen[expected] = seen.GetValueOrDefault(expected) + 1;

            Assert.Equal(expected, await ForwardAuthAsync(request));
            Assert.Equal(expected, await EnvoyAsync(request));
            Assert.Equal(expected, ReasonOf(await new DecisionService.DecisionServiceClient(_web).AuthorizeAsync(request)));
            Assert.Equal(expected, await ConnectAsync(request));
            if (request is { Model: "", Host: "", Provider: "", PolicyHash: "" } && request.Tool.Split('/') is [var service, var name])
            {
                Assert.Equal(expected, await ExtMcpAsync(request, service, name));
            }
        }

        string[] reasons = ["ALLOWED", "TOKEN_REQUIRED", "TOKEN_MALFORMED", "TOKEN_SIGNATURE_INVALID", "TOOL_NOT_ALLOWED", "MODEL_NOT_ALLOWED", "EGRESS_NOT_ALLOWED", "HOST_INVALID", "TOOL_INVALID", "POLICY_PROVIDER_NOT_ALLOWED", "POLICY_HASH_MISMATCH"];
        Assert.All(reasons, reason => Assert.True(seen.ContainsKey(reason), $"no question was answered with {reason}: {string.Join(' ', seen.Keys)}"));
    }

    private IEnumerable<AuthorizeRequest> Questions(string[] tokens) =>
        from token in tokens
        from tool in Tools
        from model in Models
        from host in Hosts
        from provider in model.Length > 0 ? Providers : [""]
        from policy in tool == "github" && model.Length == 0 && host.Length == 0 ? new[] { "", _sidecar.Installation.PolicyHash, new string('A', 43) } : [""]
        where tool.Length + model.Length + host.Length > 0
        select new AuthorizeRequest { Cst = token, Tool = tool, Model = model, Host = host, Provider = provider, PolicyHash = policy };

    private static IEnumerable<(string Name, string Value)> HeadersOf(AuthorizeRequest request) => new[]
    {
        ("x-cst", request.Cst), ("x-claw-tool", request.Tool), ("x-claw-model", request.Model),
        ("x-claw-host", request.Host), ("x-claw-provider", request.Provider), ("x-claw-policy-hash", request.PolicyHash),
    }.Where(static header => header.Item2.Length > 0);

    private async Task<string> AuthorizeAsync(AuthorizeRequest request) => ReasonOf(await _sidecar.Client.Decisions.AuthorizeAsync(request));

    private static string ReasonOf(AuthorizeResponse answer)
    {
        Assert.Equal(answer.Effect == Effect.Allow, answer.ReasonCode == V1.ReasonCode.Allowed);
        return ReasonCatalog.NameOf((ReasonCode)(int)answer.ReasonCode);
    }

    // Written and read by hand: what writes JSON there would agree with itself.
    private async Task<string> ConnectAsync(AuthorizeRequest request)
    {
        var question = new System.Text.Json.Nodes.JsonObject
        {
            ["cst"] = request.Cst,
            ["tool"] = request.Tool,
            ["model"] = request.Model,
            ["host"] = request.Host,
            ["provider"] = request.Provider,
            ["policyHash"] = request.PolicyHash,
        };
        var answer = await _caller.PostAsync("/clawpdp.v1.DecisionService/Authorize", question.ToJsonString(), "application/json");
        var reason = (answer.Text("reasonCode") ?? "")["REASON_CODE_".Length..];
        Assert.Equal(answer.Text("effect") == "EFFECT_ALLOW", reason == "ALLOWED");
        return reason;
    }

    private async Task<string> ForwardAuthAsync(AuthorizeRequest request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(_sidecar.HttpAddress + "/v1/forward-auth" + (request.Host.Length > 0 ? "" : "/headers")));
        foreach (var (name, value) in HeadersOf(request))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Host.Length > 0)
        {
            message.Headers.TryAddWithoutValidation("x-forwarded-host", request.Host);
        }

        using var response = await _http.SendAsync(message);
        return (int)response.StatusCode == 200 ? "ALLOWED" : string.Join('|', response.Headers.GetValues("x-claw-reason"));
    }

    private async Task<string> EnvoyAsync(AuthorizeRequest request)
    {
        var http = new AttributeContext.Types.HttpRequest { Host = request.Host };
        foreach (var (name, value) in HeadersOf(request))
        {
            http.Headers.Add(name, value);
        }

        var check = new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };
        if (request.Host.Length == 0)
        {
            check.Attributes.ContextExtensions["host_from"] = "header";
        }

        var response = await new Authorization.AuthorizationClient(_channel).CheckAsync(check);
        return response.Status.Code == 0 ? "ALLOWED" : response.DeniedResponse.Headers.Single(static header => header.Header.Key == "x-claw-reason").Header.Value;
    }

    private async Task<string> ExtMcpAsync(AuthorizeRequest request, string service, string name)
    {
        var call = new McpRequest { Method = "tools/call", McpRequest_ = ByteString.CopyFromUtf8($$"""{"name":"{{name}}"}"""), ServiceNames = { service } };
        call.Headers.Add(new McpHeader { Key = "x-cst", Value = ByteString.CopyFromUtf8(request.Cst) });

        var result = await new GatewayClient(_channel).CheckRequestAsync(call);
        return result.ResultCase == McpRequestResult.ResultOneofCase.Pass ? "ALLOWED" : result.Error.Reason.Split(':')[0];
    }
}
