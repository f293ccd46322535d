using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Tests.Callers;

public sealed class SpiffeTests
{
    [Theory]
    [InlineData("spiffe://example.org/a")]
    [InlineData("spiffe://e_x-1.org/A/b.c/d-e_f")]
    public void IsValid_Id_Holds(string id) => Assert.True(SpiffeId.IsValid(id));

    [Theory]
    [InlineData("spiffe://example.org")]
    [InlineData("spiffe://example.org/")]
    [InlineData("spiffe://example.org/a/")]
    [InlineData("spiffe://example.org//a")]
    [InlineData("spiffe://example.org/a/../b")]
    [InlineData("spiffe://example.org/./a")]
    [InlineData("spiffe://example.org/a%2Fb")]
    [InlineData("spiffe://example.org/a?b")]
    [InlineData("spiffe://example.org/a#b")]
    [InlineData("spiffe://example.org:443/a")]
    [InlineData("spiffe://user@example.org/a")]
    [InlineData("spiffe://Example.org/a")]
    [InlineData("SPIFFE://example.org/a")]
    [InlineData("spiffe:///a")]
    [InlineData("spiffe://example.org/ä")]
    [InlineData("https://example.org/a")]
    [InlineData("")]
    public void IsValid_NoId_Fails(string id) => Assert.False(SpiffeId.IsValid(id));

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void IsValid_Length_HasAnEnd(int length, bool isValid) =>
        Assert.Equal(isValid, SpiffeId.IsValid("spiffe://example.org/".PadRight(length, 'a')));

    [Theory]
    [InlineData("spiffe://a/*")]
    [InlineData("spiffe://a/b/*")]
    [InlineData("spiffe://a/b")]
    public void Parse_Pattern_IsOne(string text) => Assert.NotNull(SpiffePattern.Parse(text));

    [Theory]
    [InlineData("*")]
    [InlineData("spiffe://*")]
    [InlineData("spiffe://*/a")]
    [InlineData("spiffe://a")]
    [InlineData("spiffe://a/b*")]
    [InlineData("spiffe://a/*/b")]
    [InlineData("spiffe://a//*")]
    [InlineData("spiffe:///*")]
    [InlineData("/*")]
    public void Parse_NoPattern_IsNone(string text) => Assert.Null(SpiffePattern.Parse(text));

    [Theory]
    [InlineData("spiffe://a/ops/*", "spiffe://a/ops/x/y", true)]
    [InlineData("spiffe://a/ops/*", "spiffe://a/ops", false)]
    [InlineData("spiffe://a/ops/*", "spiffe://a/opsx", false)]
    [InlineData("spiffe://a/*", "spiffe://ab/x", false)]
    [InlineData("spiffe://a/ops", "spiffe://a/ops/x", false)]
    public void Accepts_Prefix_EndsAtASegment(string pattern, string id, bool isAccepted) =>
        Assert.Equal(isAccepted, SpiffePattern.Parse(pattern)?.Accepts(id));
}
