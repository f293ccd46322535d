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
    [InlineData("0A-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0G")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0A")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-")]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData(" 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01")]
    public void Of_ParentAgainstTheGrammar_GivesNeither(string text)
    {
        var trace = CallTrace.Of(new HeaderDictionary { ["traceparent"] = text, ["tracestate"] = "a=1" });

        Assert.Equal(default, trace);
        Assert.Null(trace.TraceId);
        Assert.Equal(default, trace.ToContext());
    }

    [Theory]
    [InlineData("01")]
    [InlineData("0a")]
    [InlineData("fe")]
    public void ReadParent_LaterVersion_IsTaken(string version) => Assert.Equal(version + Good[2..], CallTrace.ReadParent(version + Good[2..]));

    // A character of a good text that another one takes the place of leaves either a good text with the same places, or none.
    [Fact]
    public void ReadParent_OneBitChanged_GivesNoneUnlessItIsStillOne()
    {
        for (var place = 0; place < Good.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = string.Concat(Good.AsSpan(0, place), new string((char)(Good[place] ^ (1 << bit)), 1), Good.AsSpan(place + 1));
                var isDash = place is 2 or 35 or 52;
                var isGood = !isDash && changed[place] is (>= '0' and <= '9') or (>= 'a' and <= 'f');

                Assert.Equal(isGood ? changed : null, CallTrace.ReadParent(changed));
            }
        }
    }

    [Theory]
    [InlineData("a=1")]
    [InlineData("a=1,b=2")]
    [InlineData("a=1 ,\tb=2")]
    [InlineData("a=1,,b=2,")]
    [InlineData("1a=1")]
    [InlineData("tenant@system=1")]
    [InlineData("a_-*/9=!\"#$%&'()*+-./:;<>?@[]^_`{|}~ x")]
    public void TraceState_WellFormed_IsTakenAsItIs(string text) => Assert.Equal(text, TraceStateText.Read(text));

    [Theory]
    [InlineData("no member")]
    [InlineData("=1")]
    [InlineData("a=")]
    [InlineData("a=1=2")]
    [InlineData("A=1")]
    [InlineData("_a=1")]
    [InlineData("@a=1")]
    [InlineData("a b=1")]
    [InlineData("a=1,a=2")]
    [InlineData("a=1\nb=2")]
    [InlineData("a=1\t2")]
    [InlineData("a=\u00e9")]
    [InlineData("a=\u007f")]
    [InlineData("a=1,b")]
    [InlineData(" ")]
    [InlineData(",,")]
    public void TraceState_AgainstTheGrammar_GivesNone(string text) => Assert.Null(TraceStateText.Read(text));

    [Fact]
    public void TraceState_AtAndOverItsLimits_IsTakenAndNot()
    {
        static string Members(int count) => string.Join(',', Enumerable.Range(0, count).Select(static number => $"k{number}=1"));
        var longest = "a=" + new string('1', 256) + ",b=" + new string('1', 250);

        Assert.Equal(511, longest.Length);
        Assert.NotNull(TraceStateText.Read(longest + "1"));
        Assert.Null(TraceStateText.Read(longest + "11"));
        Assert.Null(TraceStateText.Read("a=" + new string('1', 257)));
        Assert.NotNull(TraceStateText.Read(new string('a', 256) + "=1"));
        Assert.Null(TraceStateText.Read(new string('a', 257) + "=1"));
        Assert.NotNull(TraceStateText.Read(Members(32)));
        Assert.Null(TraceStateText.Read(Members(33)));
    }

    [Fact]
    public void Of_BadState_KeepsTheParent()
    {
        var trace = CallTrace.Of(new HeaderDictionary { ["traceparent"] = Good, ["tracestate"] = "A=1" });

        Assert.Equal((Good, null), (trace.Parent, trace.State));
    }

    [Fact]
    public void Of_StateInSeveralHeaders_IsOne()
    {
        var trace = CallTrace.Of(new HeaderDictionary { ["traceparent"] = Good, ["tracestate"] = new(["a=1", "b=2"]) });

        Assert.Equal("a=1,b=2", trace.State);
    }
}
