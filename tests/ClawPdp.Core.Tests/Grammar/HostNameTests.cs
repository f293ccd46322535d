using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class HostNameTests
{
    private static readonly string Label63 = new('a', 63);

    public static TheoryData<string, string> Accepted => new()
    {
        { "api.github.com", "api.github.com" },
        { "API.GitHub.COM", "api.github.com" },
        { "api.github.com.", "api.github.com" },
        { "API.github.com.:8443", "api.github.com:8443" },
        { "localhost", "localhost" },
        { "localhost:1", "localhost:1" },
        { "a:65535", "a:65535" },
        { "my_bucket.s3.example", "my_bucket.s3.example" },
        { "_dmarc.example.com", "_dmarc.example.com" },
        { "r3---sn-xyz.example", "r3---sn-xyz.example" },
        { "127.0.0.1", "127.0.0.1" },
        { "0.0.0.0", "0.0.0.0" },
        { "255.255.255.255:443", "255.255.255.255:443" },
        { "1.2.3.4.example", "1.2.3.4.example" },
        { "1.2.3.4a", "1.2.3.4a" },
        { "0x7f.example", "0x7f.example" },
        { "1.0xg", "1.0xg" },
        { "3com.com", "3com.com" },
        { Label63 + ".com", Label63 + ".com" },
        { "[::1]", "[::1]" },
        { "[::]", "[::]" },
        { "[0:0:0:0:0:0:0:1]:80", "[::1]:80" },
        { "[2001:DB8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]" },
        { "[2001:db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]" },
        { "[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7:0]" },
        { "[fe80::]", "[fe80::]" },
        { "[64:ff9b::1.2.3.4]", "[64:ff9b::102:304]" },
        { "[::1.2.3.4]", "[::102:304]" },
        { "[::ffff:127.0.0.1]", "127.0.0.1" },
        { "[::FFFF:7f00:1]:443", "127.0.0.1:443" },
        { "[0:0:0:0:0:ffff:127.0.0.1]", "127.0.0.1" },
        { "bücher.example", "xn--bcher-kva.example" },
        { "BÜCHER.example", "xn--bcher-kva.example" },
        { "пример.РФ", "xn--e1afmkfd.xn--p1ai" },
        { "例え.jp", "xn--r8jz45g.jp" },
        { "한국.kr", "xn--3e0b707e.kr" },
        { "XN--BCHER-KVA.example", "xn--bcher-kva.example" },
        { "xn--strae-oqa.de", "xn--strae-oqa.de" },
        { "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g", "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g" },
    };

    public static TheoryData<string> Refused => new()
    {
        "", " ", ".", "..", "-", "*", "*.a.com", ":", ":80", "/", "@",
        "http://a", "https://api.github.com", "//a", "a@b", "user:pw@a", "a/b", "a/", "a?b", "a#b", "a\\b", "a;b", "a,b", "a|b", "a\"b", "<a>",
        "%61.com", "a%2ecom", "a%00.com", " a", "a ", "a b", "a\t", "\ta", "a\n", "a\r\n", "a\0", "\0", "a\0.com", "a\u007f", "a\u0085",
        "a..b", ".a", "a..", "a.b..", "-a.com", "a-.com", "a.-", "a.b-",
        new string('a', 64), new string('a', 64) + ".com",
        "0x7f.1", "0x7f000001", "0X7F000001", "0x", "1.0x", "a.0x1f", "2130706433", "127.1", "127.0.1", "0177.0.0.1", "127.0.0.01", "00.0.0.0",
        "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "1.2.3", "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ", "0", "a.1", "1e3.1", "08", "a.09", "999999999999999999",
        "1.2.3.4.:80", "a.0x7f.:80",
        "[", "]", "[]", "[]:80", "[a", "[abc]", "[::1", "[::1:80", "::1", "::ffff:127.0.0.1", "1::2:3", "[::1]a", "[::1]80", "[::1]:", "[::1]:0", "[::1]]", "[[::1]]",
        "[::1%25eth0]", "[fe80::1%eth0]", "[::1/64]", "[1.2.3.4]", "[localhost]", "[v1.a]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[:::]", "[:1]",
        "[1:]", "[1:2:3:4:5:6:7:8::]", "[::1:2:3:4:5:6:7:8]", "[12345::]", "[g::]", "[::1.2.3]", "[::1.2.3.256]", "[::01.2.3.4]", "[1.2.3.4::]", "[::1.2.3.4:1]", "[ ::1]",
        "[::-1]", "[::+1]", "a[::1]", "a]:80",
        "a:0", "a:65536", "a:99999", "a:100000", "a:080", "a:00", "a:", "a:-1", "a:+1", "a: 1", "a:1 ", "a:b", "a:80:80", "a::80", "a:８０", "a:0x50",
        "１２７.0.0.1", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①.1", "a。com", "ａ.com", "a：80", "１２７。０。０。１", "٣.com", "a.٣",
        "bu\u0308cher.de", "straße.de", "ς.gr", "ſ.com", "\u212Aelvin.com", "\u212Bngstrom.com", "\u0130.com", "\u04C0.com", "ǆ.com", "ﬁ.com", "ℂ.com", "I❤.ws", "a\u00ADb.com",
        "a\u200Bb.com", "a\u200Db.com", "a\u202Eb.com", "\uFEFFa.com", "a\u2024com", "a\u2025b", "a\uFF05b", "a\u2100b.com", "ü_a.com", "-ü.com", "ü-.com", "\uD800.com", "a\uDC00.com",
        "क\u093C.com", "\u1100\u1161.kr", "Ꭰ.com", "ꭰ.com", "😀.com", new string('ü', 64) + ".com", new string('ü', 63) + ".com",
        "xn--", "xn--.com", "xn--a", "xn--a.com", "xn--zzzzzzzz", "xn--abc-", "xn--a-ecp.ru", "xn--99999999999999.com", "xn--8g7ccp.com", "xn--bcher-2pa.com",
        "xn--i-7iq.ws", "xn--\u00fc.com", "xn--a_b-xyz.com", "xn---ecp.com", "xn----",
        new string('a', HostName.TextLengthMax + 1),
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void TryParse_WellFormed_GivesNormalForm(string text, string expected)
    {
        Assert.True(HostName.TryParse(text, out var host));

        Assert.Equal(expected, host.ToString());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryParse_Malformed_Refuses(string text)
    {
        Assert.False(HostName.TryParse(text, out var host));

        Assert.Null(host);
    }

    [Fact]
    public void TryParse_Null_Refuses()
    {
        Assert.False(HostName.TryParse(null, out _));
        Assert.False(ToolName.TryParse(null, out _));
        Assert.False(ModelName.TryParse(null, out _));
    }

    [Fact]
    public void TryParse_NameOf253Characters_Accepts()
    {
        var name = string.Join('.', Enumerable.Repeat(Label63, 3)) + "." + new string('b', 61);

        Assert.Equal(253, name.Length);
        Assert.True(HostName.TryParse(name, out _));
        Assert.True(HostName.TryParse(name + ".", out _));
        Assert.False(HostName.TryParse(name + "b", out _));
    }

    [Fact]
    public void TryParse_EveryAsciiCharacterInTheMiddle_AcceptsHostCharactersOnly()
    {
        for (var character = '\0'; character < 128; character++)
        {
            var isHostCharacter = char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';

            Assert.Equal(isHostCharacter, HostName.TryParse($"a{character}b.com", out _));
        }
    }

    [Theory]
    [InlineData("example.com", false)]
    [InlineData("1.2.3.4", true)]
    [InlineData("[::1]:80", true)]
    [InlineData("[::ffff:1.2.3.4]", true)]
    public void IsAddress_TellsAddressesFromNames(string text, bool expected)
    {
        Assert.True(HostName.TryParse(text, out var host));

        Assert.Equal(expected, host.Value.IsAddress);
    }

    [Fact]
    public void TryParse_NormalForm_KeepsTheText()
    {
        var text = "api.github.com";

        Assert.True(HostName.TryParse(text, out var host));

        Assert.Same(text, host.Value.Name);
    }
}
