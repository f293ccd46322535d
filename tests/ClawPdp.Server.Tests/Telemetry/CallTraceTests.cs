using ClawPdp.Server.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClawPdp.Server.Tests.Telemetry;

public sealed class CallTraceTests
{
    private const string Good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void Of_GoodHeaders_GivesBoth()
    {
        var headers = new HeaderDictionary { ["traceparent"] = Good, ["tracestate"] = "vendor=t61rcWkgMzE, other=1" };

        var trace = CallTrace.Of(headers);

        Assert.Equal((Good, "vendor=t61rcWkgMzE, other=1"), (trace.Parent, trace.State));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", trace.TraceId);
        Assert.Equal("00f067aa0ba902b7", trace.ToContext().SpanId.ToHexString());
    }

    [Fact]
    public void ReadParent_LaterVersionWithMore_GivesWhatIsKnown() =>
        Assert.Equal(string.Concat("01", Good.AsSpan(2)), CallTrace.ReadParent(string.Concat("01", Good.AsSpan(2), "-what-comes")));

    [Theory]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more")]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01")]
    public void ReadParent_NotWellFormed_GivesNone(string text) => Assert.Null(CallTrace.ReadParent(text));

    [Fact]
    public void Of_TwoParents_GivesNone() =>
        Assert.Null(CallTrace.Of(new HeaderDictionary { ["traceparent"] = new([Good, Good]) }).Parent);

    [Theory]
    [InlineData("no member")]
    [InlineData("=1")]
    [InlineData("a=1\nb=2")]
    [InlineData(" ")]
    public void ReadState_NotWellFormed_GivesNone(string text) => Assert.Null(CallTrace.ReadState(text));

    [Fact]
    public void ReadState_TooLong_GivesNone() => Assert.Null(CallTrace.ReadState("a=" + new string('1', 511)));
}
