using System.Net.Sockets;
using ClawPdp.Core.Json;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests;

/// <summary>The gRPC door through a real socket: what is no question is INVALID_ARGUMENT, everything else is an answer.</summary>
[Trait("Door", "published")]
public sealed class GrpcDoorTests : IClassFixture<RunningSidecar>
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly RunningSidecar _sidecar;

    public GrpcDoorTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Theory]
    [InlineData("tool", 257)]
    [InlineData("model", 257)]
    [InlineData("host", 513)]
    [InlineData("cst", 16_385)]
    [InlineData("policy_hash", 129)]
    [InlineData("provider", 65)]
    public async Task Authorize_FieldOverItsLimit_IsInvalidArgument(string field, int length)
    {
        var request = new AuthorizeRequest { Tool = "github" };
        AuthorizeRequest.Descriptor.FindFieldByName(field).Accessor.SetValue(request, new string('a', length));

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await _sidecar.Client.Decisions.AuthorizeAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.StartsWith(field + ":", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_NothingAsked_IsInvalidArgument()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await _sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest()));

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
    }

    [Fact]
    public async Task AuthorizeBatch_OneMalformed_DeniesItAloneAndAnswersAsSingles()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var request = new AuthorizeBatchRequest();
        request.Requests.Add(new AuthorizeRequest { Cst = token, Tool = "github", RequestId = "a" });
        request.Requests.Add(new AuthorizeRequest { Cst = token, RequestId = "b" });
        request.Requests.Add(new AuthorizeRequest { Cst = token, Tool = "splunk", RequestId = "c" });

        var responses = (await _sidecar.Client.Decisions.AuthorizeBatchAsync(request)).Responses;

        Assert.Equal(
            [("a", Effect.Allow, ReasonCode.Allowed), ("b", Effect.Deny, ReasonCode.RequestInvalid), ("c", Effect.Deny, ReasonCode.ToolNotAllowed)],
            responses.Select(static response => (response.RequestId, response.Effect, response.ReasonCode)));
    }

    [Fact]
    public async Task AuthorizeStream_Revocation_HoldsForTheNextQuestionOnAnOpenStream()
    {
        var token = await _sidecar.TokenOfAsync("bob");
        using var stream = _sidecar.Client.Decisions.AuthorizeStream();

        Assert.Equal(ReasonCode.Allowed, await AskAsync(stream, token));
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token });
        Assert.Equal(ReasonCode.TokenRevoked, await AskAsync(stream, token));

        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Authorize_Denial_NamesDecisionEpochAndClass()
    {
        var response = await _sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = await _sidecar.TokenOfAsync("alice"), Tool = "splunk" });

        Assert.StartsWith("dec_", response.DecisionId, StringComparison.Ordinal);
        Assert.NotEqual(0UL, response.Epoch);
        Assert.Equal((ReasonClass.Requestable, Dimension.Tool), (response.ReasonClass, response.FailedDimension));
        Assert.Null(response.CacheableUntil);
        Assert.Equal(_sidecar.Installation.PolicyHash, response.PolicyHashB64U);
    }

    [Fact]
    public async Task IntrospectCst_GoodAndRevoked_SayWhatTheyHold()
    {
        var token = await _sidecar.TokenOfAsync("carol");
        var before = await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = token });
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Jti = before.Claims.Jti });
        var after = await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = token });

        Assert.True(before.Active);
        Assert.Contains("github", before.Claims.Tools);
        Assert.Equal((false, ReasonCode.TokenRevoked), (after.Active, after.ReasonCode));
    }

    [Fact]
    public async Task SignReceipt_ForANetworkEffect_HashesTheNormalHostAndIsFoundAgain()
    {
        var request = new SignReceiptRequest
        {
            Cst = await _sidecar.TokenOfAsync("alice"),
            RunId = "run-effect",
            Nonce = "n1",
            SideEffect = new SideEffect { EffectClass = EffectClass.NetworkEgress, Host = "API.github.com.", RequestHashB64U = Hash, ResponseHashB64U = Hash },
        };

        var signed = (await _sidecar.Client.Receipts.SignReceiptAsync(request)).Receipt;
        var found = await _sidecar.Client.Receipts.GetReceiptAsync(new GetReceiptRequest { RunNonce = new RunNonce { RunId = "run-effect", Nonce = "n1" } });
        var verdict = await _sidecar.Client.Receipts.VerifyReceiptAsync(new VerifyReceiptRequest { EnvelopeJson = signed.EnvelopeJson });

        var payload = JsonReader.Parse(signed.EnvelopeJson.Span, 1 << 16).Value.Find("payload");
        Assert.Equal(Core.Encoding.Sha256.OfCanonical(JsonValue.Of("api.github.com")), payload?.FindText("target_hash_b64u"));
        Assert.Equal(_sidecar.Installation.PolicyHash, payload?.Find("binding")?.FindText("policy_hash"));
        Assert.Equal(signed.EnvelopeJson, found.Receipt.EnvelopeJson);
        Assert.True(verdict.Valid, verdict.Code);
    }

    [Theory]
    [InlineData(10_000_001, "/tokens_input")]
    [InlineData(10_000_000, "")]
    public async Task SignReceipt_NumberOutOfRange_IsRefusedWithItsField(uint tokens, string field)
    {
        var request = new SignReceiptRequest
        {
            Cst = await _sidecar.TokenOfAsync("alice"),
            RunId = "run-range",
            Nonce = field + "n",
            ModelCall = new ModelCall { Provider = "openai", Model = "gpt-4o", RequestHashB64U = Hash, ResponseHashB64U = Hash, TokensInput = tokens },
        };

        var response = await _sidecar.Client.Receipts.SignReceiptAsync(request);

        Assert.Equal(field, response.Refusal?.Field ?? "");
        Assert.Equal(field.Length > 0 ? ReasonCode.ReceiptInvalid : ReasonCode.Unspecified, response.Refusal?.ReasonCode ?? ReasonCode.Unspecified);
    }

    [Fact]
    public async Task UnixSocket_AnswersAndIsOpenToOwnerAndGroupAlone()
    {
        var path = _sidecar.Settings.Listen.UnixSocketPath ?? "";
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler });

        var response = await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Tool = "github" });

        Assert.Equal(ReasonCode.TokenRequired, response.ReasonCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Jwks_HoldsTheKeyOfTheTokens()
    {
        using var http = new HttpClient();
        var jwks = JsonReader.Parse(await http.GetByteArrayAsync(new Uri(_sidecar.HttpAddress + "/v1/jwks"), TestContext.Current.CancellationToken), 1 << 16).Value;
        var issued = await _sidecar.Client.IssueAsync(await _sidecar.Client.SignInAsync("alice"));

        Assert.Equal(issued.Issued.Kid, jwks.Find("keys")?.Items[0].FindText("kid"));
    }

    [Fact]
    public async Task MalformedMessage_IsAnErrorAndTheNextCallIsAnswered()
    {
        using var http = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new ByteArrayContent([0, 0, 0, 0, 3, 0x0A, 0xFF, 0x01]);
        content.Headers.ContentType = new("application/grpc");
        using var response = await http.PostAsync(new Uri(_sidecar.GrpcAddress + "/clawpdp.v1.DecisionService/Authorize"), content, TestContext.Current.CancellationToken);

        var status = response.Headers.TryGetValues("grpc-status", out var values) ? values : response.TrailingHeaders.GetValues("grpc-status");
        Assert.Equal("3", status.Single());
        Assert.Equal("TOKEN_REQUIRED", await _sidecar.Client.AskAsync("", "github"));
    }

    private static async Task<ReasonCode> AskAsync(AsyncDuplexStreamingCall<AuthorizeStreamRequest, AuthorizeStreamResponse> stream, string token)
    {
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Cst = token, Tool = "splunk" } }, TestContext.Current.CancellationToken);
        Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return stream.ResponseStream.Current.Response.ReasonCode;
    }
}
