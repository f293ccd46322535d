using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.Http;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Enum = System.Enum;

namespace ClawPdp.Server.Tests.Doors.Http;

public sealed class HttpReplyTests
{
    private static readonly int[] Denials = [400, 401, 403, 503];

    [Fact]
    public void Of_DefaultAnswer_IsADenial() => Assert.Equal((403, false), Shown(new AuthorizeResponse()));

    [Fact]
    public void Of_Allow_IsOneOnlyWhenWhole()
    {
        var allow = new AuthorizeResponse { Effect = Effect.Allow, ReasonCode = ReasonCode.Allowed, DecisionId = "dec_1" };
        var obliged = allow.Clone();
        obliged.Obligations.Add(new Obligation());

        Assert.Equal((200, true), Shown(allow));
        Assert.Equal((403, false), Shown(obliged));
        Assert.Equal((403, false), Shown(new AuthorizeResponse(allow) { Effect = Effect.Deny }));
        Assert.Equal((403, false), Shown(new AuthorizeResponse(allow) { Effect = Effect.Unspecified }));
        Assert.Equal((403, false), Shown(new AuthorizeResponse(allow) { Effect = (Effect)3 }));
        Assert.Equal((403, false), Shown(new AuthorizeResponse(allow) { ReasonCode = ReasonCode.Unspecified }));
        Assert.Equal((403, false), Shown(new AuthorizeResponse(allow) { ReasonCode = (ReasonCode)999_999 }));
        Assert.Equal("x-claw-decision-id=dec_1", Headers(allow));
    }

    [Fact]
    public void Of_EveryDenial_HasAStatusThatIsNone()
    {
        foreach (var code in Enum.GetValues<ReasonCode>())
        {
            var reply = HttpReply.Of(new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = code });

            Assert.Contains(reply.Status, Denials);
            Assert.False(reply.IsAllowed);
            Assert.Equal(reply.Status == 401, Headers(code).Contains("www-authenticate=Bearer", StringComparison.Ordinal));
            Assert.Equal(reply.Status == 503, Headers(code).Contains("retry-after=1", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(ReasonCode.TokenRequired, 401)]
    [InlineData(ReasonCode.TokenExpired, 401)]
    [InlineData(ReasonCode.TokenRevoked, 401)]
    [InlineData(ReasonCode.TokenMalformed, 401)]
    [InlineData(ReasonCode.TokenInsufficientScope, 403)]
    [InlineData(ReasonCode.TokenNotYetValid, 503)]
    [InlineData(ReasonCode.PolicyHashMismatch, 403)]
    [InlineData(ReasonCode.ToolNotAllowed, 403)]
    [InlineData(ReasonCode.RequestInvalid, 400)]
    [InlineData(ReasonCode.InternalError, 403)]
    [InlineData(ReasonCode.Overloaded, 503)]
    [InlineData(ReasonCode.RevocationViewStale, 503)]
    public void Of_Denial_SaysWhatTheCallerCanDo(ReasonCode code, int status) =>
        Assert.Equal(status, HttpReply.Of(new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = code }).Status);

    [Fact]
    public void Of_Denial_TellsTheReasonInHeadersAndBody()
    {
        var answer = new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = ReasonCode.Overloaded, DecisionId = "dec_1", Message = "full \"x\"", RetryAfter = Duration.FromTimeSpan(TimeSpan.FromSeconds(2.1)) };

        Assert.Equal("x-claw-decision-id=dec_1;x-claw-reason=OVERLOADED;x-claw-reason-class=TRANSIENT;retry-after=3", Headers(answer));
        Assert.Equal(
            """{"class":"TRANSIENT","decision_id":"dec_1","error":"OVERLOADED","message":"full \"x\""}""",
            Encoding.UTF8.GetString(HttpReply.Of(answer).Body.Span));
    }

    [Fact]
    public void Of_DenialThatAnApprovalLifts_SaysOfWhat()
    {
        var answer = new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = ReasonCode.CapabilityRequiresApproval };
        answer.Obligations.Add(new Obligation { Approval = new ApprovalObligation { ActionDigestB64U = "d", Summary = "s" } });

        Assert.True(JsonReader.Parse(HttpReply.Of(answer).Body.Span, 4096).TryGet(out var body));
        Assert.Equal("d", body.Find("approval")?.FindText("action_digest_b64u"));
    }

    private static string Headers(ReasonCode code) => Headers(new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = code });

    private static string Headers(AuthorizeResponse answer) => string.Join(';', HttpReply.Of(answer).Headers.Select(static header => header.Key + "=" + header.Value));

    private static (int Status, bool IsAllowed) Shown(AuthorizeResponse answer)
    {
        var reply = HttpReply.Of(answer);
        return (reply.Status, reply.IsAllowed);
    }
}
