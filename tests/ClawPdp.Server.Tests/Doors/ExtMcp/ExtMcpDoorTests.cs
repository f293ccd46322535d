using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Protocols.ExtMcp;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Code = ClawPdp.Protocols.ExtMcp.AuthorizationError.Types.Code;
using GatewayClient = ClawPdp.Protocols.ExtMcp.ExtMcp.ExtMcpClient;

namespace ClawPdp.Server.Tests.Doors.ExtMcp;

/// <summary>The gateway's door through a real socket; bob may use every tool of <c>crowdstrike</c>, and <c>splunk</c> by itself.</summary>
[Trait("Door", "published")]
public sealed class ExtMcpDoorTests : IClassFixture<RunningSidecar>, IDisposable
{
    private readonly RunningSidecar _sidecar;
    private readonly GrpcChannel _channel;

    public ExtMcpDoorTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
    }

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task CheckRequest_AllowedCall_PassesAndNamesTheDecision()
    {
        var result = await AskAsync(Call("""{"name":"hosts","arguments":{"b":1,"a":"x"}}""", "crowdstrike"), await _sidecar.TokenOfAsync("bob"));

        Assert.Equal(McpRequestResult.ResultOneofCase.Pass, result.ResultCase);
        Assert.StartsWith("dec_", result.Metadata.Fields["clawpdp_decision_id"].StringValue, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools/call", "{\"name\":\"hosts\"}", "splunk", Code.PermissionDenied, -32001, "TOOL_NOT_ALLOWED")]
    [InlineData("tools/call", "{\"name\":\"a b\"}", "crowdstrike", Code.PermissionDenied, -32001, "TOOL_INVALID")]
    [InlineData("tools/call", "{\"name\":\"../splunk\"}", "crowdstrike", Code.PermissionDenied, -32001, "TOOL_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\"}", "crowdstrike/x", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\"}", "", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\"}", "crowdstrike,splunk", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\",\"name\":\"hosts\"}", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":1}", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\",\"arguments\":[]}", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\",\"arguments\":{\"n\":9007199254740993}}", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/Call", "{\"name\":\"hosts\"}", "crowdstrike", Code.PermissionDenied, -32001, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\",\"Name\":\"rules\"}", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("tools/call", "{\"name\":\"hosts\",\"ARGUMENTS\":{}}", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("resources/read", "{\"uri\":\"file:///x\"}", "splunk", Code.PermissionDenied, -32001, "TOOL_NOT_ALLOWED")]
    [InlineData("resources/read", "{\"uri\":\"file:///x\"", "crowdstrike", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("resources/read", "{\"uri\":\"file:///x\"}", "crowdstrike,splunk", Code.Invalid, -32602, "REQUEST_INVALID")]
    [InlineData("resources/reads", "{\"uri\":\"file:///x\"}", "crowdstrike", Code.PermissionDenied, -32001, "REQUEST_INVALID")]
    [InlineData("completion/complete", "{}", "crowdstrike", Code.PermissionDenied, -32001, "REQUEST_INVALID")]
    [InlineData("", "{\"name\":\"hosts\"}", "crowdstrike", Code.PermissionDenied, -32001, "REQUEST_INVALID")]
    public async Task CheckRequest_AnythingElse_IsAnErrorThatSaysWhy(string method, string parameters, string services, Code code, int rpcCode, string reason)
    {
        var request = Call(parameters, services.Split(',', StringSplitOptions.RemoveEmptyEntries));
        request.Method = method;

        var error = (await AskAsync(request, await _sidecar.TokenOfAsync("bob"))).Error;

        Assert.Equal(code, error.Code);
        Assert.StartsWith(reason + ":", error.Reason, StringComparison.Ordinal);
        Assert.True(JsonReader.Parse(error.McpError.Span, 4096).TryGet(out var json));
        Assert.Equal((rpcCode, error.Reason, reason), ((int)(json.Find("code")?.Number ?? 0), json.FindText("message"), json.Find("data")?.FindText("error")));
    }

    [Theory]
    [InlineData("resources/read", "{\"uri\":\"file:///x\"}")]
    [InlineData("prompts/get", "{\"name\":\"x\"}")]
    [InlineData("logging/setLevel", "")]
    public async Task CheckRequest_OtherAct_IsAskedByItsMethod(string method, string parameters)
    {
        var request = Call(parameters, "crowdstrike");
        request.Method = method;

        Assert.StartsWith("dec_", (await AskAsync(request, await _sidecar.TokenOfAsync("bob"))).Metadata.Fields["clawpdp_decision_id"].StringValue, StringComparison.Ordinal);
        Assert.StartsWith("TOOL_NOT_ALLOWED:", (await AskAsync(request, await _sidecar.TokenOfAsync("alice"))).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckRequest_WithoutToken_IsDenied()
    {
        var error = (await new GatewayClient(_channel).CheckRequestAsync(Call("""{"name":"hosts"}""", "crowdstrike"))).Error;

        Assert.Equal((Code.PermissionDenied, true), (error.Code, error.Reason.StartsWith("TOKEN_REQUIRED:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("ping")]
    [InlineData("notifications/initialized")]
    [InlineData("tools/list")]
    [InlineData("resources/list")]
    public async Task CheckRequest_OfTheSession_PassesWithoutADecision(string method) =>
        Assert.Equal(McpRequestResult.ResultOneofCase.Pass, (await new GatewayClient(_channel).CheckRequestAsync(new McpRequest { Method = method })).ResultCase);

    [Fact]
    public async Task CheckRequest_ArgumentsDigest_IsOfTheCanonicalForm()
    {
        var expected = Sha256.B64u("""{"a":"x","b":1}"""u8);
        var request = Call("""{"name":"hosts","arguments":{"b":1.0,"a":"x"}}""", "crowdstrike");
        request.Headers.Add(Header("x-claw-args-hash", expected));
        var other = request.Clone();
        other.McpRequest_ = ByteString.CopyFromUtf8("""{"name":"hosts","arguments":{"b":2,"a":"x"}}""");
        var token = await _sidecar.TokenOfAsync("bob");

        Assert.Equal(McpRequestResult.ResultOneofCase.Pass, (await AskAsync(request, token)).ResultCase);
        Assert.Equal(Code.Invalid, (await AskAsync(other, token)).Error.Code);
    }

    [Theory]
    [InlineData("audience", "clawpdp", true)]
    [InlineData("audience", "another", false)]
    [InlineData("tool", "crowdstrike/hosts", false)]
    [InlineData("tenant", "a", false)]
    [InlineData("cst", "x", false)]
    [InlineData("host", "evil.example", false)]
    [InlineData("cst", "", true)]
    [InlineData("host", "", false)]
    [InlineData("audience", "", false)]
    [InlineData("policy_hash", "", false)]
    [InlineData("model", "", false)]
    [InlineData("provider", "", false)]
    public async Task CheckRequest_Metadata_IsTheOperatorsWord(string key, string value, bool passes)
    {
        var request = Call("""{"name":"hosts"}""", "crowdstrike");
        request.MetadataContext = new Struct { Fields = { [key] = Value.ForString(value) } };

        Assert.Equal(passes, (await AskAsync(request, await _sidecar.TokenOfAsync("bob"))).ResultCase == McpRequestResult.ResultOneofCase.Pass);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("clawpdp", true)]
    public async Task CheckRequest_AudienceOfTheCaller_CanOnlyRepeatTheOperators(string stated, bool passes)
    {
        var request = Call("""{"name":"hosts"}""", "crowdstrike");
        request.Headers.Add(Header("x-claw-audience", "clawpdp"));
        if (stated.Length > 0)
        {
            request.MetadataContext = new Struct { Fields = { ["audience"] = Value.ForString(stated) } };
        }

        Assert.Equal(passes, (await AskAsync(request, await _sidecar.TokenOfAsync("bob"))).ResultCase == McpRequestResult.ResultOneofCase.Pass);
    }

    [Fact]
    public async Task CheckResponse_ListOfOneService_LosesWhatTheTokenDoesNotAllow()
    {
        const string Json = """{"nextCursor":"n","tools":[{"name":"hosts","big":9223372036854775807}, {"name":"a b"},{"name":"rules"}],"_meta":{}}""";
        var bob = await ListAsync(Json, await _sidecar.TokenOfAsync("bob"), "crowdstrike");
        var alice = await ListAsync(Json, await _sidecar.TokenOfAsync("alice"), "crowdstrike");
        var all = await ListAsync("""{"tools":[{"name":"hosts"}]}""", await _sidecar.TokenOfAsync("bob"), "crowdstrike");
        var none = await ListAsync("""{"tools":[]}""", await _sidecar.TokenOfAsync("bob"), "crowdstrike");

        Assert.Equal("""{"nextCursor":"n","tools":[{"name":"hosts","big":9223372036854775807},{"name":"rules"}],"_meta":{}}""", bob.Mutated.ToStringUtf8());
        Assert.Equal("""{"nextCursor":"n","tools":[],"_meta":{}}""", alice.Mutated.ToStringUtf8());
        Assert.Equal((McpResponseResult.ResultOneofCase.Pass, McpResponseResult.ResultOneofCase.Pass), (all.ResultCase, none.ResultCase));
    }

    [Fact]
    public async Task CheckResponse_ListOfManyServices_ReadsTheServiceInTheName()
    {
        const string Json = """{"tools":[{"name":"crowdstrike_hosts"},{"name":"crowdstrike_rt_x"},{"name":"splunk_search"},{"name":"hosts"}]}""";

        var result = await ListAsync(Json, await _sidecar.TokenOfAsync("bob"), "crowdstrike", "crowdstrike_rt", "splunk");

        Assert.Equal("""{"tools":[{"name":"crowdstrike_hosts"}]}""", result.Mutated.ToStringUtf8());
    }

    [Fact]
    public async Task CheckResponse_ListOfThousands_IsAskedInParts()
    {
        var json = "{\"tools\":[" + string.Join(',', Enumerable.Range(0, 2500).Select(static index => $"{{\"name\":\"t{index}\"}}")) + "]}";

        Assert.Equal(McpResponseResult.ResultOneofCase.Pass, (await ListAsync(json, await _sidecar.TokenOfAsync("bob"), "crowdstrike")).ResultCase);
        Assert.Equal("{\"tools\":[]}", (await ListAsync(json, await _sidecar.TokenOfAsync("alice"), "crowdstrike")).Mutated.ToStringUtf8());
    }

    [Theory]
    [InlineData("tools/list", "[]", Code.Invalid)]
    [InlineData("tools/list", "{\"tools\":[{}]}", Code.Invalid)]
    [InlineData("tools/list", "{\"tools\":[],\"tools\":[]}", Code.Invalid)]
    [InlineData("tools/list", "", Code.Invalid)]
    [InlineData("resources/reads", "{}", Code.PermissionDenied)]
    [InlineData("completion/complete", "{}", Code.PermissionDenied)]
    public async Task CheckResponse_WhatIsNotUnderstood_IsAnError(string method, string json, Code code)
    {
        var response = ListOf(json, await _sidecar.TokenOfAsync("bob"), "crowdstrike");
        response.Method = method;

        Assert.Equal(code, (await new GatewayClient(_channel).CheckResponseAsync(response)).Error.Code);
    }

    [Fact]
    public async Task CheckResponse_ListWithoutToken_IsDenied()
    {
        var error = (await new GatewayClient(_channel).CheckResponseAsync(new McpResponse { Method = "tools/list", McpResponse_ = ByteString.CopyFromUtf8("""{"tools":[]}"""), ServiceNames = { "crowdstrike" } })).Error;

        Assert.Equal((Code.PermissionDenied, true), (error.Code, error.Reason.StartsWith("TOKEN_REQUIRED:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(64, 4096, "")]
    [InlineData(65, 1, "REQUEST_INVALID: service_names: at most 64 are taken")]
    [InlineData(1, 4097, "REQUEST_INVALID: result: not a list of at most 4096 tools")]
    public async Task CheckResponse_ListBeyondItsBounds_IsRefused(int services, int tools, string reason)
    {
        var json = "{\"tools\":[" + string.Join(',', Enumerable.Repeat("{\"name\":\"s0_t\"}", tools)) + "]}";

        var result = await ListAsync(json, await _sidecar.TokenOfAsync("bob"), [.. Enumerable.Range(0, services).Select(static index => $"s{index}")]);

        Assert.Equal(reason, result.Error?.Reason ?? "");
    }

    // What costs time to read or compare is looked at for those alone who may ask.
    [Theory]
    [InlineData("[]", 1)]
    [InlineData("{\"tools\":[{\"name\":\"s0_t\"}]}", 65)]
    public async Task CheckResponse_ListWithBadToken_IsRefusedBeforeItIsRead(string json, int services)
    {
        var result = await ListAsync(json, "x", [.. Enumerable.Range(0, services).Select(static index => $"s{index}")]);

        Assert.StartsWith("TOKEN_MALFORMED:", result.Error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools/call")]
    [InlineData("prompts/list")]
    [InlineData("resources/read")]
    public async Task CheckResponse_OfWhatWasAskedBefore_Passes(string method) =>
        Assert.Equal(McpResponseResult.ResultOneofCase.Pass, (await new GatewayClient(_channel).CheckResponseAsync(new McpResponse { Method = method })).ResultCase);

    private static McpHeader Header(string name, string value) => new() { Key = name, Value = ByteString.CopyFrom(Encoding.UTF8.GetBytes(value)) };

    private static McpRequest Call(string parameters, params string[] services)
    {
        var request = new McpRequest { Method = "tools/call" };
        if (parameters.Length > 0)
        {
            request.McpRequest_ = ByteString.CopyFromUtf8(parameters);
        }

        request.ServiceNames.AddRange(services);
        return request;
    }

    private static McpResponse ListOf(string json, string token, params string[] services)
    {
        var response = new McpResponse { Method = "tools/list", McpResponse_ = ByteString.CopyFromUtf8(json), MetadataContext = new Struct { Fields = { ["cst"] = Value.ForString(token) } } };
        response.ServiceNames.AddRange(services);
        return response;
    }

    private async Task<McpRequestResult> AskAsync(McpRequest request, string token)
    {
        request = request.Clone();
        request.Headers.Add(Header("Authorization", "Bearer " + token));
        return await new GatewayClient(_channel).CheckRequestAsync(request);
    }

    private async Task<McpResponseResult> ListAsync(string json, string token, params string[] services) =>
        await new GatewayClient(_channel).CheckResponseAsync(ListOf(json, token, services));
}
