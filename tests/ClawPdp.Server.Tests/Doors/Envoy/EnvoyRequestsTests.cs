using ClawPdp.Protocols.Envoy;
using ClawPdp.Server.Doors.Envoy;
using ClawPdp.Server.Doors.Http;
using CsCheck;
using Google.Protobuf;

namespace ClawPdp.Server.Tests.Doors.Envoy;

public sealed class EnvoyRequestsTests
{
    private static readonly string[] Names = ["x-cst", "authorization", "x-claw-tool", "X-Claw-Model", "x-claw-host", "x-claw-approval", "x-claw-other", ":authority", ":path", "cookie"];
    private static readonly string[] Values = ["", "github", "a,b", "Bearer c", "api.github.com", "YQ", "/a?b", "\u00e4"];

    // A proxy that is told to send headers raw asks the same question as one that is not.
    [Fact]
    public void Read_RawAndPlainHeaders_AreReadAlike() =>
        Gen.Select(Gen.Int[0, Names.Length - 1], Gen.Int[0, Values.Length - 1]).List[0, 6].Sample(static picks =>
        {
            var headers = picks.DistinctBy(static pick => pick.Item1).Select(static pick => (Name: Names[pick.Item1], Value: Values[pick.Item2])).ToArray();
            var plain = new AttributeContext.Types.HttpRequest { Host = "api.github.com", Method = "GET" };
            var raw = new AttributeContext.Types.HttpRequest { Host = "api.github.com", Method = "GET", HeaderMap = new HeaderMap() };
            foreach (var (name, value) in headers)
            {
                plain.Headers.Add(name, value);
                raw.HeaderMap.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) });
            }

            var (expected, actual) = (EnvoyRequests.Read(Of(plain), new HttpRules()), EnvoyRequests.Read(Of(raw), new HttpRules()));

            Assert.Equal((expected.Request, expected.Fault?.ToString()), (actual.Request, actual.Fault?.ToString()));
            Assert.Equal(expected.TokenHeaders, actual.TokenHeaders);
        });

    [Fact]
    public void Read_HeaderWithTwoValuesInOne_IsRefused()
    {
        var http = new AttributeContext.Types.HttpRequest { Host = "api.github.com", HeaderMap = new HeaderMap() };
        http.HeaderMap.Headers.Add(new HeaderValue { Key = "x-claw-tool", Value = "github", RawValue = ByteString.CopyFromUtf8("githuc") });

        Assert.Equal("x-claw-tool: not UTF-8, or two values in one", EnvoyRequests.Read(Of(http), new HttpRules()).Fault?.ToString());
    }

    [Fact]
    public void Read_BothFormsOfHeaders_CountAsRepeated()
    {
        var http = new AttributeContext.Types.HttpRequest { Host = "api.github.com", Headers = { ["x-claw-tool"] = "github" }, HeaderMap = new HeaderMap() };
        http.HeaderMap.Headers.Add(new HeaderValue { Key = "x-claw-tool", RawValue = ByteString.CopyFromUtf8("github") });

        Assert.Equal("x-claw-tool: one value is expected", EnvoyRequests.Read(Of(http), new HttpRules()).Fault?.ToString());
    }

    private static CheckRequest Of(AttributeContext.Types.HttpRequest http) =>
        new() { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };
}
