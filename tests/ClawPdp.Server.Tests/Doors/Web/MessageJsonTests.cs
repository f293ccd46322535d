using System.Text;
using ClawPdp.Server.Doors.Web;
using ClawPdp.V1;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>Messages as JSON.</summary>
public sealed class MessageJsonTests
{
    [Theory]
    [InlineData("""{"tool":"github","policyHash":"p","requestId":"r"}""")]
    [InlineData("""{"tool":"github","policy_hash":"p","request_id":"r"}""")]
    [InlineData("""{"tool":"github","policyHash":"p","requestId":"r","model":null,"context":null,"approvals":null}""")]
    [InlineData("""  { "request_id" : "r" , "tool" : "\u0067ithub" , "policyHash" : "p" }  """)]
    public void Read_EitherNameOfAField_IsThatField(string json) =>
        Assert.Equal(new AuthorizeRequest { Tool = "github", PolicyHash = "p", RequestId = "r" }, Read(json, AuthorizeRequest.Descriptor, AuthorizeRequest.Parser));

    [Fact]
    public void Read_EveryKindOfField_IsRead()
    {
        var issue = Read("""{"idToken":"i","requestedTtl":"600s","spendCap":1.5,"narrowing":{"tools":{"items":["a","b"]}}}""", IssueCstRequest.Descriptor, IssueCstRequest.Parser);
        var sign = Read("""{"sideEffect":{"effectClass":"EFFECT_CLASS_NETWORK_EGRESS","bytesWritten":"18446744073709551615","latencyMs":4294967295,"responseStatus":1},"approvals":["AQI="],"context":{"a":"b"}}""", SignReceiptRequest.Descriptor, SignReceiptRequest.Parser);

        Assert.Equal(("i", Duration.FromTimeSpan(TimeSpan.FromMinutes(10)), 1.5), (issue.IdToken, issue.RequestedTtl, issue.SpendCap));
        Assert.Equal(["a", "b"], issue.Narrowing.Tools.Items);
        Assert.Equal((ulong.MaxValue, uint.MaxValue, 1), (sign.SideEffect.BytesWritten, sign.SideEffect.LatencyMs, (int)sign.SideEffect.ResponseStatus));
        Assert.Equal((EffectClass.NetworkEgress, ByteString.CopyFrom(1, 2), "b"), (sign.SideEffect.EffectClass, sign.Approvals[0], sign.Context["a"]));
    }

    [Theory]
    [InlineData("Authorize", "", "body: ")]
    [InlineData("Authorize", "{", "body: ")]
    [InlineData("Authorize", "[]", "body: an object is expected")]
    [InlineData("Authorize", "null", "body: an object is expected")]
    [InlineData("Authorize", "{} {}", "body: ")]
    [InlineData("Authorize", """{"tool":"a",}""", "body: ")]
    [InlineData("Authorize", """{"tool":"a"/**/}""", "body: ")]
    [InlineData("Authorize", """{"tools":"a"}""", "/tools: there is no such field")]
    [InlineData("Authorize", """{"Tool":"a"}""", "/Tool: there is no such field")]
    [InlineData("Authorize", """{"1":"a"}""", "/1: there is no such field")]
    [InlineData("Authorize", """{"tool":"a","tool":"b"}""", "/tool: ")]
    [InlineData("Authorize", """{"policyHash":"a","policy_hash":"b"}""", "/policy_hash: the field `policy_hash` is given twice")]
    [InlineData("Authorize", """{"policyHash":null,"policy_hash":"b"}""", "/policy_hash: the field `policy_hash` is given twice")]
    [InlineData("Authorize", """{"tool":1}""", "/tool: a string is expected")]
    [InlineData("Authorize", """{"tool":"\ud800"}""", "/tool: ")]
    [InlineData("Authorize", """{"context":{"a":1}}""", "/context/a: a string is expected")]
    [InlineData("Authorize", """{"context":{"a":"b","a":"c"}}""", "/context/a: ")]
    [InlineData("Authorize", """{"context":[]}""", "/context: an object is expected")]
    [InlineData("Authorize", """{"approvals":"AQI="}""", "/approvals: an array is expected")]
    [InlineData("Authorize", """{"approvals":["AQI=","!"]}""", "/approvals/1: base64 ")]
    [InlineData("Authorize", """{"approvals":[null]}""", "/approvals/0: base64 ")]
    [InlineData("AuthorizeBatch", """{"requests":[{"tool":"a"},{"toool":"a"}]}""", "/requests/1/toool: there is no such field")]
    [InlineData("AuthorizeBatch", """{"requests":[null]}""", "/requests/0: an object is expected")]
    [InlineData("AuthorizeBatch", """{"requests":{}}""", "/requests: an array is expected")]
    [InlineData("IssueCst", """{"idToken":"a","parentCst":"b"}""", "/parentCst: `credential` is given already by another field")]
    [InlineData("IssueCst", """{"requestedTtl":600}""", "/requestedTtl: Duration: a text ")]
    [InlineData("IssueCst", """{"requestedTtl":"600"}""", "/requestedTtl: Duration: a text ")]
    [InlineData("IssueCst", """{"spendCap":"NaN"}""", "/spendCap: a number is expected")]
    [InlineData("IssueCst", """{"spendCap":1e999}""", "/spendCap: ")]
    [InlineData("SignReceipt", """{"phase":"PHASE_UNKNOWN"}""", "/phase: a name of the enum `Phase` is expected")]
    [InlineData("SignReceipt", """{"phase":999}""", "/phase: a name of the enum `Phase` is expected")]
    [InlineData("SignReceipt", """{"modelCall":{"latencyMs":-1}}""", "/modelCall/latencyMs: a whole number ")]
    [InlineData("SignReceipt", """{"modelCall":{"latencyMs":1.5}}""", "/modelCall/latencyMs: a whole number ")]
    [InlineData("SignReceipt", """{"modelCall":{"latencyMs":4294967296}}""", "/modelCall/latencyMs: a whole number ")]
    [InlineData("SignReceipt", """{"sideEffect":{"bytesWritten":9007199254740993}}""", "/sideEffect/bytesWritten: a whole number ")]
    [InlineData("SignReceipt", """{"sideEffect":{"bytesWritten":"18446744073709551616"}}""", "/sideEffect/bytesWritten: a whole number ")]
    public void Read_AFault_NamesItsPlace(string method, string json, string fault)
    {
        MessageDescriptor[] types = [AuthorizeRequest.Descriptor, AuthorizeBatchRequest.Descriptor, IssueCstRequest.Descriptor, SignReceiptRequest.Descriptor];

        Assert.Null(MessageJson.Read(Encoding.UTF8.GetBytes(json), types.Single(type => type.Name == method + "Request"), out var found));
        Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NestedTooDeep_IsAFault()
    {
        var json = string.Concat(Enumerable.Repeat("""{"tool":""", 80)) + "1" + new string('}', 80);

        Assert.Null(MessageJson.Read(Encoding.UTF8.GetBytes(json), AuthorizeRequest.Descriptor, out var fault));
        Assert.StartsWith("/tool/tool", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InvalidUtf8_IsAFault()
    {
        Assert.Null(MessageJson.Read([.. "{\"tool\":\""u8, 0xFF, .. "\"}"u8], AuthorizeRequest.Descriptor, out var fault));
        Assert.StartsWith("/tool: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameMessage() => Requests.Sample(
        static request => Assert.Equal(request, Read(Encoding.UTF8.GetString(MessageJson.Write(request)), AuthorizeRequest.Descriptor, AuthorizeRequest.Parser)),
        iter: 300,
        threads: 1);

    private static readonly Gen<AuthorizeRequest> Requests = Gen.Select(Gen.String, Gen.String, Gen.Byte.Array[0, 40], Gen.Dictionary(Gen.String, Gen.String)[0, 4]).Select(static drawn =>
    {
        var request = new AuthorizeRequest { Cst = Valid(drawn.Item1), Tool = Valid(drawn.Item2), Approvals = { ByteString.CopyFrom(drawn.Item3) } };
        foreach (var (name, value) in drawn.Item4)
        {
            request.Context[Valid(name)] = Valid(value);
        }

        return request;
    });

    // As strings of protobuf are: without unpaired surrogates.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static T Read<T>(string json, MessageDescriptor type, MessageParser<T> parser)
        where T : IMessage<T>
    {
        var message = MessageJson.Read(Encoding.UTF8.GetBytes(json), type, out var fault);
        Assert.Equal("", fault);
        return parser.ParseFrom(message);
    }
}
