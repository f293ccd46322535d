using System.Net;
using ClawPdp.Engine.Tests;
using ClawPdp.Server.Direct;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Direct;

/// <summary>The endpoint before the pipeline: what it answers, what it leaves alone, and that nobody can tell the two apart.</summary>
public sealed class DirectAuthorizeTests(RunningSidecar sidecar) : IClassFixture<RunningSidecar>
{
    private DirectAuthorize Endpoint => sidecar.Services.GetRequiredService<DirectAuthorize>();

    [Fact]
    public async Task TryAnswer_BodyCutAnywhere_IsAnsweredOnceItIsWhole()
    {
        var frame = DirectCall.Frame(new AuthorizeRequest { Cst = "a.b.c", Tool = "github", RequestId = "r" }.ToByteArray());
        for (var cut = 0; cut <= frame.Length; cut++)
        {
            using var call = new DirectCall();
            await call.SendAsync(frame.AsMemory(0, cut));
            var answering = call.TryAsync(Endpoint);
            await call.SendAsync(frame.AsMemory(cut));
            Assert.False(answering.IsCompleted);
            await call.EndAsync();

            Assert.True(await answering);
            var answer = AuthorizeResponse.Parser.ParseFrom(await call.AnswerAsync());
            Assert.Equal((ReasonCode.TokenMalformed, "r"), (answer.ReasonCode, answer.RequestId));
            Assert.Equal("0", call.Trailers["grpc-status"]);
            Assert.Equal("application/grpc", call.Response.Headers.ContentType);
        }
    }

    [Fact]
    public async Task TryAnswer_BodyInManySegments_IsAnswered()
    {
        var request = new AuthorizeRequest { Cst = new string('c', 16_000), Tool = "github" };
        using var call = new DirectCall();
        foreach (var part in DirectCall.Frame(request.ToByteArray()).Chunk(700))
        {
            await call.SendAsync(part);
        }

        await call.EndAsync();

        Assert.True(await call.TryAsync(Endpoint));
    }

    public static TheoryData<string, byte[]> Left => new()
    {
        { "nothing", [] },
        { "half a head", [0, 0, 0] },
        { "a compressed message", [1, 0, 0, 0, 3, 18, 1, 97] },
        { "an unknown flag", [2, 0, 0, 0, 3, 18, 1, 97] },
        { "a message shorter than it says", [0, 0, 0, 0, 4, 18, 1, 97] },
        { "a message longer than it says", [0, 0, 0, 0, 2, 18, 1, 97] },
        { "two messages", [0, 0, 0, 0, 3, 18, 1, 97, 0, 0, 0, 0, 0] },
        { "no question", [0, 0, 0, 0, 0] },
        { "a field that ends too early", [0, 0, 0, 0, 3, 18, 2, 97] },
        { "a tool over its limit", DirectCall.Frame(new AuthorizeRequest { Tool = new string('a', 257) }.ToByteArray()) },
        { "an approval", DirectCall.Frame(new AuthorizeRequest { Tool = "a", Approvals = { ByteString.CopyFromUtf8("{}") } }.ToByteArray()) },
        { "a large body", DirectCall.Frame(new AuthorizeRequest { Tool = "a", Cst = new string('c', 70_000) }.ToByteArray()) },
    };

    [Theory]
    [MemberData(nameof(Left))]
    public async Task TryAnswer_WhatIsNotPlain_IsLeftWithItsBodyUnread(string what, byte[] body)
    {
        using var call = new DirectCall();
        await call.SendAsync(body);
        await call.EndAsync();

        Assert.False(await call.TryAsync(Endpoint), what);
        Assert.Equal(body, await call.RestAsync());
        Assert.Empty(await call.AnswerAsync());
        Assert.Empty(call.Trailers);
        Assert.Empty(call.Response.Headers);
    }

    [Theory]
    [InlineData("path", "/clawpdp.v1.DecisionService/authorize")]
    [InlineData("path", "/clawpdp.v1.DecisionService/AuthorizeBatch")]
    [InlineData("method", "GET")]
    [InlineData("query", "?a=b")]
    [InlineData("protocol", "HTTP/1.1")]
    [InlineData("content-type", "application/grpc-web")]
    [InlineData("content-type", "application/json")]
    [InlineData("content-type", null)]
    [InlineData("grpc-encoding", "gzip")]
    [InlineData("grpc-encoding", "identity")]
    public void IsFor_OtherHeads_LeavesThemToThePipeline(string what, string? value)
    {
        using var call = new DirectCall();
        Assert.True(Endpoint.IsFor(call.Features));
        var request = call.Request;
        (request.Path, request.Method, request.QueryString, request.Protocol) = what switch
        {
            "path" => (value ?? "", request.Method, "", request.Protocol),
            "method" => (request.Path, value ?? "", "", request.Protocol),
            "query" => (request.Path, request.Method, value ?? "", request.Protocol),
            "protocol" => (request.Path, request.Method, "", value ?? ""),
            _ => (request.Path, request.Method, "", request.Protocol),
        };
        if (what is "content-type" or "grpc-encoding")
        {
            request.Headers[what] = value;
        }

        Assert.False(Endpoint.IsFor(call.Features));
    }

    [Fact]
    public async Task TryAnswer_BoundToAKey_TakesTheProofOnceAndForThisSidecarAlone()
    {
        using var pen = HolderPen.Ed25519();
        var token = await sidecar.BoundTokenAsync(pen.Holder.KeyThumbprint);
        var frame = DirectCall.Frame(new AuthorizeRequest { Cst = token, Tool = "github" }.ToByteArray());
        string ProofFor(string authority) => pen.Prove(token, $"http://{authority}/clawpdp.v1.DecisionService/Authorize", DateTimeOffset.UtcNow);

        async Task<ReasonCode> AskAsync(string? proof, string authority)
        {
            using var call = new DirectCall();
            call.Features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { LocalIpAddress = IPAddress.Loopback, LocalPort = 7080 });
            (call.Request.Scheme, call.Request.Headers.Host, call.Request.Headers["dpop"]) = ("http", authority, proof);
            await call.SendAsync(frame);
            await call.EndAsync();
            Assert.True(await call.TryAsync(Endpoint));
            return AuthorizeResponse.Parser.ParseFrom(await call.AnswerAsync()).ReasonCode;
        }

        var proof = ProofFor("127.0.0.1:7080");
        Assert.Equal(ReasonCode.TokenProofRequired, await AskAsync(proof: null, "127.0.0.1:7080"));
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(proof, "127.0.0.1:7081"));
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(ProofFor("evil.example:7080"), "evil.example:7080"));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(proof, "127.0.0.1:7080"));
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(proof, "127.0.0.1:7080"));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(ProofFor("localhost:7080"), "localhost:7080"));
    }

    [Fact]
    public async Task TryAnswer_DeadlineBeforeTheBodyIsWhole_LeavesTheCallWithItsTimeOver()
    {
        var time = new FakeTimeProvider();
        var endpoint = ActivatorUtilities.CreateInstance<DirectAuthorize>(sidecar.Services, time);
        using var call = new DirectCall();
        call.Request.Headers["grpc-timeout"] = "100m";
        await call.SendAsync(new byte[] { 0, 0 });
        var answering = call.TryAsync(endpoint);

        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(answering.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(await answering);
        Assert.Equal("1u", call.Request.Headers["grpc-timeout"]);
    }

    [Fact]
    public async Task TryAnswer_CallerGoesAwayInTheMiddle_LeavesTheCallToThePipeline()
    {
        using var call = new DirectCall();
        await call.SendAsync(new byte[] { 0, 0 });
        var answering = call.TryAsync(Endpoint);

        await call.FailAsync(new IOException("gone"));

        Assert.False(await answering);
    }

    [Theory]
    [InlineData("1H", 3600_000)]
    [InlineData("99999999n", 99.999_9)]
    [InlineData("250m", 250)]
    [InlineData("7u", 0.007)]
    [InlineData("2S", 2000)]
    [InlineData("3M", 180_000)]
    [InlineData("0n", 0)]
    public void CallDeadline_EveryUnit_IsRead(string header, double milliseconds)
    {
        Assert.True(CallDeadline.TryParse(header, out var timeout));
        Assert.Equal(TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)), timeout);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData(" 1S")]
    [InlineData("1 S")]
    [InlineData("123456789S")]
    [InlineData("99999999H")]
    public void CallDeadline_AnythingElse_IsNone(string? header) => Assert.False(CallDeadline.TryParse(header, out _));

    [Fact]
    public async Task Authorize_DirectlyAndInABatch_GiveTheSameAnswers()
    {
        using var channel = sidecar.Channel();
        var client = new DecisionService.DecisionServiceClient(channel);
        var cst = await sidecar.TokenOfAsync("alice");
        AuthorizeRequest[] questions =
        [
            new() { Cst = cst, Tool = "github", RequestId = "1" },
            new() { Cst = cst, Tool = "github", Context = { ["Caller:ticket"] = "é" }, RequestId = "é" },
            new() { Cst = cst, Tool = "never-granted" },
            new() { Cst = cst, Model = "no-such-model" },
            new() { Cst = cst, Host = "example.org:8443" },
            new() { Cst = cst, Host = "not a host" },
            new() { Cst = cst, Tool = "github", PolicyHash = "x" },
            new() { Cst = cst, Tool = "github", Audience = "somebody else" },
            new() { Cst = cst[..^1], Tool = "github" },
            new() { Cst = "é", Tool = "github" },
            new() { Tool = "github" },
        ];
        var batch = new AuthorizeBatchRequest { Requests = { questions } };

        var together = (await client.AuthorizeBatchAsync(batch, cancellationToken: TestContext.Current.CancellationToken)).Responses;

        foreach (var (question, other) in questions.Zip(together))
        {
            var alone = await client.AuthorizeAsync(question, cancellationToken: TestContext.Current.CancellationToken);
            Assert.NotEqual(other.DecisionId, alone.DecisionId);
            (alone.DecisionId, alone.DecidedAt) = (other.DecisionId, other.DecidedAt);
            Assert.Equal(other, alone);
        }
    }

    [Fact]
    public async Task TryAnswer_LargeBodyInPieces_IsLeftWithoutTakingBackWhatWasExamined()
    {
        var body = DirectCall.Frame(new AuthorizeRequest { Tool = "a", Cst = new string('c', 70_000) }.ToByteArray());
        using var call = new DirectCall();
        await call.SendAsync(body.AsMemory(0, 40_000));
        var answering = call.TryAsync(Endpoint);
        Assert.False(answering.IsCompleted);
        await call.SendAsync(body.AsMemory(40_000));

        Assert.False(await answering);
        Assert.Equal(body, await call.RestAsync());
    }

    [Fact]
    public async Task Authorize_FaultyQuestion_GetsTheStatusOfThePipeline()
    {
        using var channel = sidecar.Channel();
        var client = new DecisionService.DecisionServiceClient(channel);

        var fault = await Assert.ThrowsAsync<RpcException>(() => client.AuthorizeAsync(new AuthorizeRequest { Tool = new string('a', 257) }).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, "tool: longer than 256 bytes"), (fault.StatusCode, fault.Status.Detail));
    }
}
