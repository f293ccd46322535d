using ClawPdp.Core.Log;

namespace ClawPdp.Core.Tests.Log;

public sealed class NoteTests
{
    private const string Root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    private const string Signature = "\u2014 example.com/log AQIDBAU=\n";

    [Fact]
    public void VerifierKeyOf_KeyOfTheSpecification_HasItsText()
    {
        const string Text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        var key = Convert.FromBase64String(Text[(Text.LastIndexOf('+') + 1)..]);

        Assert.Equal(SignedNote.Ed25519, key[0]);
        Assert.Equal(Text, SignedNote.VerifierKeyOf("example.com/foo", key.AsSpan(1)));
        Assert.Equal(0x530d903au, SignedNote.KeyIdOf("example.com/foo", SignedNote.Ed25519, key.AsSpan(1)));
    }

    [Fact]
    public void Parse_NoteThatWasWritten_GivesItsParts()
    {
        var note = SignedNote.Write("one\n\ntwo\n", new NoteSignature("a", 1, new byte[64]), new NoteSignature("b", 0xffffffff, new byte[72]));

        var parsed = SignedNote.Parse(note);

        Assert.Equal("one\n\ntwo\n", parsed?.Text);
        Assert.Equal([("a", 1u, 64), ("b", 0xffffffffu, 72)], parsed?.Signatures.Select(static item => (item.Name, item.KeyId, item.Signature.Length)));
    }

    [Theory]
    [InlineData("text\n\n" + Signature, true)]
    [InlineData("text\n" + Signature, false)]
    [InlineData("text\n\n\u2014 example.com/log AQIDBAU=", false)]
    [InlineData("text\n\n- example.com/log AQIDBAU=\n", false)]
    [InlineData("text\n\n\u2014 example.com/log AQIDBAV=\n", false)]
    [InlineData("text\n\n\u2014 example.com/log AQIDBAU\n", false)]
    [InlineData("text\n\n\u2014 example.com/log AQIDBA==\n", false)]
    [InlineData("text\n\n\u2014 example.com/log  AQIDBAU=\n", false)]
    [InlineData("text\n\n\u2014 a+b AQIDBAU=\n", false)]
    [InlineData("te\txt\n\n" + Signature, false)]
    [InlineData("text\r\n\n" + Signature, false)]
    [InlineData("text\n\n\n", false)]
    [InlineData("", false)]
    public void Parse_Note_IsStrict(string note, bool isNote) => Assert.Equal(isNote, SignedNote.Parse(note) is not null);

    [Theory]
    [InlineData("example.com/log\n0\n" + Root + "\n", true)]
    [InlineData("example.com/log\n9007199254740993\n" + Root + "\n", true)]
    [InlineData("example.com/log\n01\n" + Root + "\n", false)]
    [InlineData("example.com/log\n+1\n" + Root + "\n", false)]
    [InlineData("example.com/log\n-1\n" + Root + "\n", false)]
    [InlineData("example.com/log\n1 \n" + Root + "\n", false)]
    [InlineData("example.com/log\n9223372036854775808\n" + Root + "\n", false)]
    [InlineData("example.com/log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==\n", false)]
    [InlineData("example.com/log\n1\n" + Root + "\nextension\n", false)]
    [InlineData("example log\n1\n" + Root + "\n", false)]
    [InlineData("\n1\n" + Root + "\n", false)]
    [InlineData("example.com/log\n1\n" + Root, false)]
    public void Checkpoint_Text_IsStrict(string text, bool isCheckpoint)
    {
        var parsed = Checkpoint.Parse(text);

        Assert.Equal(isCheckpoint, parsed is not null);
        Assert.Equal(isCheckpoint ? text : null, parsed?.ToText());
    }

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 3\n" + Root + "\n\ntext\n", true)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AQID\nindex 0\n\ntext\n", true)]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 3\n\ntext\n", false)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 03\n\ntext\n", false)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AQI\nindex 3\n\ntext\n", false)]
    [InlineData("c2sp.org/tlog-proof@v1\n\ntext\n", false)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 3\nAQID\n\ntext\n", false)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 3\n", false)]
    public void TransparencyProof_Text_IsStrict(string text, bool isProof)
    {
        var parsed = TransparencyProof.Parse(text);

        Assert.Equal(isProof, parsed is not null);
        Assert.Equal(isProof ? text : null, parsed?.ToText());
    }
}
