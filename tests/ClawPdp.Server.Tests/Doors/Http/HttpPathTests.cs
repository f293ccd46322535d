using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Tests.Doors.Http;

public sealed class HttpPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/repos/a", "/repos/a")]
    [InlineData("/repos/", "/repos/")]
    [InlineData("/repos/a?next=/../x#y", "/repos/a")]
    [InlineData("/a.b/...x/~me/-_!$&'()*+,=:@", "/a.b/...x/~me/-_!$&'()*+,=:@")]
    [InlineData("/a%20b/%C3%A4/100%25", "/a%20b/%C3%A4/100%25")]
    public void Of_PathThatReadsOneWay_IsItself(string target, string path) => Assert.Equal(path, HttpPath.Of(target));

    [Theory]
    [InlineData("/public/../admin")]
    [InlineData("/public/..")]
    [InlineData("/./admin")]
    [InlineData("/admin/.")]
    [InlineData("//admin/x")]
    [InlineData("//")]
    [InlineData("/admin//x")]
    [InlineData("/admin/x//")]
    [InlineData("/%61dmin/x")]
    [InlineData("/admin%2Fx")]
    [InlineData("/admin%2fx")]
    [InlineData("/public/%2e%2e/admin")]
    [InlineData("/public/.%2E/admin")]
    [InlineData("/public%5C..%5Cadmin")]
    [InlineData("/public%5c..%5cadmin")]
    [InlineData("/public\\..\\admin")]
    [InlineData("/admin#x")]
    [InlineData("/admin;x/y")]
    [InlineData("/public/..;/admin")]
    [InlineData("/admin%3Bx")]
    [InlineData("/user%40x")]
    [InlineData("/%c3%a4")]
    [InlineData("/\u00e4")]
    [InlineData("/admin%00")]
    [InlineData("/admin%0A")]
    [InlineData("/admin\t")]
    [InlineData("/a b")]
    [InlineData("/a%")]
    [InlineData("/a%2")]
    [InlineData("/%u002e%u002e/admin")]
    [InlineData("admin")]
    [InlineData("*")]
    [InlineData("http://api.example/admin")]
    [InlineData("")]
    [InlineData("?x")]
    public void Of_PathThatReadsInTwoWays_HasNoValue(string target) => Assert.Equal("", HttpPath.Of(target));
}
