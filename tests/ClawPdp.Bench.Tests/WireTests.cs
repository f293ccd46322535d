using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Transport;
using ClawPdp.Bench.Wire;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Bench.Tests;

public sealed class WireTests
{
    private const string RunId = "bench-x-0-0";

    private static readonly Question Asked = new() { Tool = "github", Model = "gpt-4o", Host = "api.github.com:443", Provider = "openai", PolicyHash = "hash", Audience = "gateway" };

    private readonly QuestionFrames _frames = new(["token-one", "token-two"], PlanOf(0.5));

    [Fact]
    public void QuestionFrames_Question_IsWhatTheProtocolReads()
    {
        var bytes = new byte[_frames.LengthMax];

        Assert.Equal(
            new AuthorizeRequest { Cst = "token-one", Tool = "github", Model = "gpt-4o", Host = "api.github.com:443", Provider = "openai", PolicyHash = "hash", Audience = "gateway", RequestId = "0000000000000010" },
            AuthorizeRequest.Parser.ParseFrom(bytes, 0, _frames.Write(bytes, 16)));
        Assert.Equal(
            new AuthorizeRequest { Cst = "token-two", Tool = "denied", RequestId = "0000000000000011" },
            AuthorizeRequest.Parser.ParseFrom(bytes, 0, _frames.Write(bytes, 17)));
        Assert.Equal(_frames.LengthOf(17), _frames.Write(bytes, 17));
    }

    [Fact]
    public void FrameBuffer_Questions_AreFramesOfTheStream()
    {
        var buffer = new FrameBuffer();
        for (var question = 0; question < 200; question++)
        {
            _frames.Write(buffer.Begin(_frames.LengthOf(question)), question);
        }

        var rest = buffer.Bytes.Span;
        for (var question = 0; question < 200; question++)
        {
            var length = GrpcFrame.MessageLength(rest, 1_000);
            var request = AuthorizeStreamRequest.Parser.ParseFrom(rest.Slice(GrpcFrame.HeadLength, length));
            Assert.Equal(question.ToString("x16", null), request.Request.RequestId);
            rest = rest[(GrpcFrame.HeadLength + length)..];
        }

        Assert.True(rest.IsEmpty);
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("model")]
    [InlineData("host")]
    public void ReceiptFrames_Request_IsWhatTheProtocolReads(string kind)
    {
        var action = new Question { Tool = kind is "tool" ? "github" : "", Model = kind is "model" ? "gpt-4o" : "", Host = kind is "host" ? "api.github.com" : "", Provider = "openai" };
        var frames = new ReceiptFrames(["token"], action, "bench-x");
        var bytes = new byte[frames.LengthMax];

        var request = SignReceiptRequest.Parser.ParseFrom(bytes, 0, frames.Write(bytes, 255, frames.RunId(3, 1_999)));

        Assert.Equal(("token", "bench-x-3-1", "00000000000000ff"), (request.Cst, request.RunId, request.Nonce));
        Assert.Equal(kind is "tool" ? "github" : null, request.ToolCall?.ToolName);
        Assert.Equal(kind is "model" ? "gpt-4o" : null, request.ModelCall?.Model);
        Assert.Equal(kind is "host" ? "api.github.com" : null, request.SideEffect?.Host);
    }

    [Theory]
    [InlineData(Effect.Allow, ReasonCode.Allowed, Dimension.Unspecified, false, null)]
    [InlineData(Effect.Deny, ReasonCode.ToolNotAllowed, Dimension.Tool, true, null)]
    [InlineData(Effect.Deny, ReasonCode.ToolNotAllowed, Dimension.Tool, false, "DENIED TOOL_NOT_ALLOWED")]
    [InlineData(Effect.Deny, ReasonCode.TokenExpired, Dimension.Unspecified, true, "DENIED_FOR_ANOTHER_REASON TOKEN_EXPIRED")]
    [InlineData(Effect.Allow, ReasonCode.Allowed, Dimension.Unspecified, true, "ALLOWED_INSTEAD_OF_DENIED")]
    [InlineData(Effect.Unspecified, ReasonCode.Unspecified, Dimension.Unspecified, false, "DENIED UNSPECIFIED")]
    [InlineData((Effect)9, ReasonCode.Allowed, Dimension.Unspecified, false, "DENIED ALLOWED")]
    public void Decision_AnyAnswer_IsHeldAgainstWhatMustCome(Effect effect, ReasonCode reason, Dimension dimension, bool isDenied, string? fault)
    {
        var answer = Answer(effect, 5);
        answer.ReasonCode = reason;
        answer.FailedDimension = dimension;

        Assert.Equal(fault, AnswerCheck.Decision(answer.ToByteArray(), 5, isDenied));
    }

    [Fact]
    public void Decision_AnotherQuestionsAnswer_IsAFault()
    {
        Assert.Equal(AnswerCheck.WrongId, AnswerCheck.Decision(Answer(Effect.Allow, 6).ToByteArray(), 5, isDenied: false));
        Assert.Equal(AnswerCheck.WrongId, AnswerCheck.Decision(new AuthorizeResponse { Effect = Effect.Allow }.ToByteArray(), 5, isDenied: false));
    }

    [Fact]
    public void Decision_CutOffAnywhere_IsNeverGood()
    {
        // The last field is the question's number then.
        var answer = Answer(Effect.Allow, 5);
        answer.DecidedAt = null;
        var bytes = answer.ToByteArray();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.NotNull(AnswerCheck.Decision(bytes.AsSpan(0, length), 5, isDenied: false));
        }
    }

    [Fact]
    public void Batch_AnswersMissingTooManyOrMixedUp_AreFaults()
    {
        var frames = new QuestionFrames(["token"], PlanOf(0));

        Assert.Null(AnswerCheck.Batch(Batch(4, 5, 6), 4, 3, frames));
        Assert.Equal(AnswerCheck.WrongCount, AnswerCheck.Batch(Batch(4, 5), 4, 3, frames));
        Assert.Equal(AnswerCheck.WrongCount, AnswerCheck.Batch(Batch(4, 5, 6, 7), 4, 3, frames));
        Assert.Equal(AnswerCheck.WrongId, AnswerCheck.Batch(Batch(4, 6, 5), 4, 3, frames));
    }

    [Fact]
    public void Receipt_WithSignatureNonceAndRun_IsGood()
    {
        var signature = new string('s', 86);

        Assert.Null(Check($$$"""{"payload":{"binding":{"nonce":"0000000000000007"}},"signature_b64u":"{{{signature}}}"}"""));
        Assert.Equal(AnswerCheck.NoSignature, Check("""{"payload":{"binding":{"nonce":"0000000000000007"}}}"""));
        Assert.Equal(AnswerCheck.NoSignature, Check($$$"""{"payload":{"binding":{"nonce":"0000000000000007"}},"signature_b64u":""}"""));
        Assert.Equal(AnswerCheck.WrongId, Check($$$"""{"payload":{"binding":{"nonce":"0000000000000008"}},"signature_b64u":"{{{signature}}}"}"""));
        Assert.Equal(AnswerCheck.WrongId, Check($$$"""{"payload":{"binding":{"nonce":"0000000000000007"}},"signature_b64u":"{{{signature}}}"}""", "another-run"));
        Assert.Equal(AnswerCheck.Broken, AnswerCheck.Receipt([], 7, "run"u8));
        Assert.Equal("REFUSED TOKEN_EXPIRED", AnswerCheck.Receipt(new SignReceiptResponse { Refusal = new Refusal { ReasonCode = ReasonCode.TokenExpired } }.ToByteArray(), 7, "run"u8));
    }

    [Fact]
    public void GrpcFrame_OneMessage_IsTakenAndNothingElse()
    {
        Assert.True(GrpcFrame.TryReadOnly([0, 0, 0, 0, 2, 8, 1], out var message));
        Assert.Equal([8, 1], message.ToArray());
        Assert.False(GrpcFrame.TryReadOnly([1, 0, 0, 0, 2, 8, 1], out _));
        Assert.False(GrpcFrame.TryReadOnly([0, 0, 0, 0, 3, 8, 1], out _));
        Assert.False(GrpcFrame.TryReadOnly([0, 0, 0, 0, 1, 8, 1], out _));
        Assert.False(GrpcFrame.TryReadOnly([], out _));
    }

    private static string? Check(string envelope, string runId = RunId) => AnswerCheck.Receipt(
        new SignReceiptResponse { Receipt = new SignedReceipt { EnvelopeJson = ByteString.CopyFromUtf8(envelope), RunId = runId } }.ToByteArray(),
        7,
        System.Text.Encoding.ASCII.GetBytes(RunId));

    private static byte[] Batch(params int[] questions)
    {
        var batch = new AuthorizeBatchResponse();
        batch.Responses.AddRange(questions.Select(static question => Answer(Effect.Allow, question)));
        return batch.ToByteArray();
    }

    private static AuthorizeResponse Answer(Effect effect, int question) => new() { Effect = effect, Message = "words", Epoch = ulong.MaxValue, DecidedAt = new() { Seconds = 1 }, RequestId = question.ToString("x16", null) };

    private static BenchPlan PlanOf(double denyShare) => BenchPlan.Create(new BenchOptions
    {
        Server = "unix:/x",
        TokenCount = 2,
        DenyShare = denyShare,
        Allowed = Asked,
        Denied = new Question { Tool = "denied" },
    }).Value;
}
