using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.KeyRings;

public sealed class KeySettingsTests
{
    [Fact]
    public void Read_Absent_KeysArePlainAndNothingIsScheduled()
    {
        var (settings, faults) = Read("{}", tokenLifetimeMaxSeconds: 7200);

        Assert.Empty(faults);
        Assert.Null(settings.Passphrase);
        Assert.Empty(settings.RotateAfter);
        Assert.Equal((TimeSpan.FromSeconds(7200), TimeSpan.FromSeconds(300)), (settings.TokenOverlap, settings.PublishAhead));
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var (settings, faults) = Read("""
            { "passphrase_file": "pass", "allow_plaintext": true, "rotate_after_seconds": { "token": 86400, "log": 3600 }, "publish_ahead_seconds": 60, "token_overlap_seconds": 4000 }
            """);

        Assert.Empty(faults);
        Assert.Equal("/base/pass", settings.Passphrase?.Path);
        Assert.True(settings.AllowPlaintext);
        Assert.Equal(TimeSpan.FromDays(1), settings.RotateAfter[KeyPurpose.Token]);
        Assert.Equal(TimeSpan.FromHours(1), settings.RotateAfter[KeyPurpose.Log]);
        Assert.Equal((TimeSpan.FromSeconds(4000), TimeSpan.FromSeconds(60)), (settings.TokenOverlap, settings.PublishAhead));
    }

    [Theory]
    [InlineData("""{ "rotate_after_seconds": { "token": 3599 } }""", "/rotate_after_seconds/token")]
    [InlineData("""{ "rotate_after_seconds": { "tokens": 3600 } }""", "/rotate_after_seconds/tokens")]
    [InlineData("""{ "rotate_after_seconds": { "agent": 3600 } }""", "/rotate_after_seconds/agent")]
    [InlineData("""{ "rotate_after_seconds": { "token": 3600 }, "publish_ahead_seconds": 3600 }""", "/rotate_after_seconds/token")]
    [InlineData("""{ "token_overlap_seconds": 3599 }""", "/token_overlap_seconds")]
    [InlineData("""{ "passphrase": "secret" }""", "/passphrase")]
    [InlineData("""{ "passphrase_file": "a", "passphrase_credential": "b" }""", "/passphrase_credential")]
    [InlineData("""{ "passphrase_credential": "../b" }""", "/passphrase_credential")]
    [InlineData("""{ "allow_plaintext": 1 }""", "/allow_plaintext")]
    public void Read_OneFault_NamesItsPlace(string text, string pointer) => Assert.Equal([pointer], Read(text).Faults.Select(static fault => fault.Pointer));

    private static (KeySettings Settings, List<Fault> Faults) Read(string text, int tokenLifetimeMaxSeconds = 3600)
    {
        var faults = new List<Fault>();
        var document = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), 1 << 16).Value;
        return (KeySettingsReader.Read(JsonCursor.At(document, faults), "/base", tokenLifetimeMaxSeconds), faults);
    }
}
