using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Tests.Doors;

public sealed class PublicUrlTests
{
    [Theory]
    [InlineData("https://pdp.example.com")]
    [InlineData("https://pdp.example.com:8443")]
    [InlineData("http://127.0.0.1:7081")]
    [InlineData("http://[::1]:7081")]
    [InlineData("http://localhost:7081")]
    public void Read_AnOrigin_IsTaken(string text) => Assert.Equal((text, 0), Read(text));

    [Theory]
    [InlineData("http://pdp.example.com")]
    [InlineData("https://pdp.example.com/")]
    [InlineData("https://pdp.example.com/path")]
    [InlineData("https://pdp.example.com?a=b")]
    [InlineData("https://pdp.example.com#a")]
    [InlineData("https://user@pdp.example.com")]
    [InlineData("https://PDP.example.com")]
    [InlineData("ftp://pdp.example.com")]
    [InlineData("pdp.example.com")]
    [InlineData("http://127.0.0.1.example.com")]
    public void Read_AnythingElse_IsAFault(string text) => Assert.Equal((null, 1), Read(text));

    [Fact]
    public void Read_Nothing_IsNoFault() => Assert.Null(PublicUrl.Read(null));

    private static (string? Url, int Faults) Read(string text)
    {
        var faults = new List<Fault>();
        return (PublicUrl.Read(JsonCursor.At(JsonValue.Of(text), faults)), faults.Count);
    }
}
