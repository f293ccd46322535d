using System.Text;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.OAuth;

namespace ClawPdp.Server.Tests.Doors.OAuth;

public sealed class OAuthSettingsTests
{
    // SHA-256 of the empty text, which is a hash as any other here.
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Base64Url = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string Good = $$"""{"public_url":"https://pdp.example.com","clients":[{"client_id":"host","secret_sha256":"{{Hex}}","may":["exchange","revoke"]}]}""";

    [Theory]
    [InlineData(Hex)]
    [InlineData(Base64Url)]
    public void Read_AClient_KeepsTheHashAndTheRights(string hash)
    {
        var settings = Read(Good.Replace(Hex, hash, StringComparison.Ordinal), out var faults);

        Assert.Empty(faults);
        var client = Assert.Single(settings.Clients);
        Assert.Equal((Hex, OAuthRights.Exchange | OAuthRights.Revoke), (Convert.ToHexStringLower(client.SecretHash.Span), client.Rights));
    }

    [Theory]
    [InlineData(Hex, "secret", "/clients/0/secret_sha256")]
    [InlineData(Hex, "", "/clients/0/secret_sha256")]
    [InlineData("\"host\"", "\"two words\"", "/clients/0/client_id")]
    [InlineData("\"exchange\"", "\"everything\"", "/clients/0/may/0")]
    [InlineData("[\"exchange\",\"revoke\"]", "[]", "/clients/0/may")]
    [InlineData("\"may\"", "\"can\"", "/clients/0/can")]
    [InlineData("https://", "http://", "/public_url")]
    [InlineData("\"clients\"", "\"client\"", "/client")]
    public void Read_OneFault_NamesItsPlace(string from, string to, string pointer)
    {
        Read(Good.Replace(from, to, StringComparison.Ordinal), out var faults);

        Assert.Contains(faults, fault => fault.Pointer == pointer);
    }

    [Fact]
    public void Read_Nothing_HasNoClients()
    {
        var settings = OAuthSettingsReader.Read(null);

        Assert.Equal((null, 0), (settings.PublicUrl, settings.Clients.Length));
    }

    private static OAuthSettings Read(string text, out List<Fault> faults)
    {
        faults = [];
        return OAuthSettingsReader.Read(JsonCursor.At(JsonReader.Parse(Encoding.UTF8.GetBytes(text), 1 << 16).Value, faults));
    }
}
