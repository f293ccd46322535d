using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class HostPatternTests
{
    [Theory]
    [InlineData("API.github.com.", "api.github.com")]
    [InlineData("*.Atlassian.NET", "*.atlassian.net")]
    [InlineData("*.atlassian.net.:443", "*.atlassian.net:443")]
    [InlineData("*.bücher.example", "*.xn--bcher-kva.example")]
    [InlineData("*.co.uk", "*.co.uk")]
    [InlineData("host:8443", "host:8443")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("1.2.3.4/32", "1.2.3.4")]
    [InlineData("1.2.3.4:80", "1.2.3.4:80")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("2001:db8::/32", "[2001:db8::]/32")]
    [InlineData("[2001:DB8::]/32", "[2001:db8::]/32")]
    [InlineData("[2001:db8::1]/128", "[2001:db8::1]")]
    [InlineData("[2001:0db8:0::1]:443", "[2001:db8::1]:443")]
    [InlineData("[::ffff:10.0.0.1]", "10.0.0.1")]
    public void Parse_WellFormed_GivesNormalForm(string text, string expected)
    {
        Assert.Equal(expected, HostPattern.Parse(text, allowWildcards: false).Value.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("*.")]
    [InlineData("*.com")]
    [InlineData("*.com.")]
    [InlineData("*.com:443")]
    [InlineData("*.localhost")]
    [InlineData("*.xn--p1ai")]
    [InlineData("*.*.com")]
    [InlineData("*.*")]
    [InlineData("**")]
    [InlineData("**.a.com")]
    [InlineData("*:443")]
    [InlineData("*a.com")]
    [InlineData("a.*.com")]
    [InlineData("a*.com")]
    [InlineData("a.com*")]
    [InlineData("api.*")]
    [InlineData("*.1.2.3.4")]
    [InlineData("*.0.0.1")]
    [InlineData("*.[::1]")]
    [InlineData("*.a..com")]
    [InlineData("*..com")]
    [InlineData(".a.com")]
    [InlineData("https://a.com")]
    [InlineData("a.com/x")]
    [InlineData("a.com/24")]
    [InlineData("u@a.com")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/8:443")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0/8")]
    [InlineData("[10.0.0.0]/8")]
    [InlineData("[[2001:db8::]]/32")]
    [InlineData("[2001:db8::/32")]
    [InlineData("2001:db8::]/32")]
    [InlineData("[2001:db8::/32]")]
    [InlineData("2001:db8::1/32")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8::/1000")]
    [InlineData("[2001:db8::]/32:443")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("::ffff:10.0.0.0/24")]
    [InlineData("[::ffff:10.0.0.0]/8")]
    [InlineData("/8")]
    [InlineData("/")]
    [InlineData("[/8")]
    [InlineData("]/8")]
    [InlineData("2001:db8::1")]
    [InlineData("127.1")]
    public void Parse_Malformed_Refuses(string text)
    {
        Assert.False(HostPattern.Parse(text, allowWildcards: true).IsValid);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0/0")]
    [InlineData("[::]/0")]
    public void Parse_GrantsEverything_NeedsWildcards(string text)
    {
        Assert.False(HostPattern.Parse(text, allowWildcards: false).IsValid);
        Assert.True(HostPattern.Parse(text, allowWildcards: true).IsValid);
    }

    [Theory]
    [InlineData("api.github.com", "api.github.com", true)]
    [InlineData("api.github.com", "API.GITHUB.COM.", true)]
    [InlineData("api.github.com", "api.github.com:8443", true)]
    [InlineData("api.github.com", "x.api.github.com", false)]
    [InlineData("api.github.com", "api.github.com.evil.com", false)]
    [InlineData("api.github.com", "apixgithub.com", false)]
    [InlineData("host:8443", "host:8443", true)]
    [InlineData("host:8443", "host:8444", false)]
    [InlineData("host:8443", "host", false)]
    [InlineData("*.atlassian.net", "x.atlassian.net", true)]
    [InlineData("*.atlassian.net", "a.b.c.atlassian.net", true)]
    [InlineData("*.atlassian.net", "X.Atlassian.Net.:80", true)]
    [InlineData("*.atlassian.net", "atlassian.net", false)]
    [InlineData("*.atlassian.net", "evilatlassian.net", false)]
    [InlineData("*.atlassian.net", "x.atlassian.net.evil.com", false)]
    [InlineData("*.atlassian.net:443", "x.atlassian.net:443", true)]
    [InlineData("*.atlassian.net:443", "x.atlassian.net", false)]
    [InlineData("*.atlassian.net:443", "x.atlassian.net:80", false)]
    [InlineData("*.bücher.example", "a.xn--bcher-kva.example", true)]
    [InlineData("*", "anything.example:1", true)]
    [InlineData("*", "1.2.3.4", true)]
    [InlineData("1.2.3.4", "1.2.3.4:80", true)]
    [InlineData("1.2.3.4", "1.2.3.5", false)]
    [InlineData("1.2.3.4:80", "1.2.3.4", false)]
    [InlineData("1.2.3.4", "[::ffff:1.2.3.4]", true)]
    [InlineData("[::ffff:1.2.3.4]", "1.2.3.4", true)]
    [InlineData("1.2.3.4", "[::1.2.3.4]", false)]
    [InlineData("1.2.3.4", "[64:ff9b::1.2.3.4]", false)]
    [InlineData("[::1]", "[0::1]:443", true)]
    [InlineData("[::1]", "[::2]", false)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "9.255.255.255", false)]
    [InlineData("10.0.0.0/8", "[::ffff:10.1.1.1]", true)]
    [InlineData("10.0.0.0/8", "10.0.0.0.example", false)]
    [InlineData("10.0.0.4/31", "10.0.0.5", true)]
    [InlineData("10.0.0.4/31", "10.0.0.6", false)]
    [InlineData("0.0.0.0/0", "200.1.1.1", true)]
    [InlineData("0.0.0.0/0", "[2001:db8::]", false)]
    [InlineData("0.0.0.0/0", "a.example", false)]
    [InlineData("[::]/0", "[2001:db8::]", true)]
    [InlineData("[::]/0", "[::ffff:1.2.3.4]", false)]
    [InlineData("2001:db8::/32", "[2001:db8:ffff::1]", true)]
    [InlineData("2001:db8::/32", "[2001:db9::]", false)]
    [InlineData("2001:db8::/127", "[2001:db8::1]", true)]
    [InlineData("2001:db8::/127", "[2001:db8::2]", false)]
    public void Matches_AnswersByTheGrammar(string pattern, string host, bool expected)
    {
        var parsed = HostPattern.Parse(pattern, allowWildcards: true).Value;
        Assert.True(HostName.TryParse(host, out var asked));

        Assert.Equal(expected, parsed.Matches(asked.Value));
        Assert.Equal(expected, Samples.Scope("egress:" + pattern).AllowsHost(asked.Value));
    }

    [Theory]
    [InlineData("*", "*.a.com", true)]
    [InlineData("*", "10.0.0.0/8", true)]
    [InlineData("*.a.com", "*", false)]
    [InlineData("*.a.com", "*.a.com", true)]
    [InlineData("*.a.com", "*.b.a.com", true)]
    [InlineData("*.a.com", "b.a.com:80", true)]
    [InlineData("*.a.com", "a.com", false)]
    [InlineData("*.a.com", "*.xa.com", false)]
    [InlineData("*.b.a.com", "*.a.com", false)]
    [InlineData("*.a.com:80", "*.a.com", false)]
    [InlineData("*.a.com:80", "b.a.com:80", true)]
    [InlineData("*.a.com:80", "b.a.com:81", false)]
    [InlineData("a.com", "a.com:80", true)]
    [InlineData("a.com:80", "a.com", false)]
    [InlineData("a.com", "*.a.com", false)]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", false)]
    [InlineData("10.0.0.0/8", "10.1.2.3:80", true)]
    [InlineData("10.0.0.0/8", "[::ffff:10.1.2.3]", true)]
    [InlineData("10.0.0.0/8", "a.com", false)]
    [InlineData("0.0.0.0/0", "[::]/0", false)]
    [InlineData("[::]/0", "0.0.0.0/0", false)]
    [InlineData("[::]/0", "[2001:db8::]/32", true)]
    [InlineData("1.2.3.4:80", "1.2.3.4", false)]
    public void Covers_AnswersByMeaning(string outer, string inner, bool expected)
    {
        var asked = HostPattern.Parse(inner, allowWildcards: true).Value;

        Assert.Equal(expected, HostPattern.Parse(outer, allowWildcards: true).Value.Covers(asked));
        Assert.Equal(expected, Samples.Scope("egress:" + outer).Covers(asked));
    }
}
