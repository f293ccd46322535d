using ClawPdp.Server.Doors.AuthZen;
using ClawPdp.Server.Doors.OAuth;
using ClawPdp.Server.Doors.Reference;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Doors;

/// <summary>Which doors a configuration opens.</summary>
public sealed class DoorSettingsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_NothingSaid_OpensTheDoorsThatNeedNothing()
    {
        var doors = Load("{}").Value.Doors;

        Assert.Contains(doors, static door => door is AuthZenDoor);
        Assert.Contains(doors, static door => door is OAuthDoor);
        Assert.Contains(doors, static door => door is ReferenceDoor);
    }

    [Fact]
    public void Load_Null_ShutsADoor()
    {
        var doors = Load("""{"oauth":null,"authzen":null,"reference":null}""").Value.Doors;

        Assert.DoesNotContain(doors, static door => door is AuthZenDoor or OAuthDoor or ReferenceDoor);
    }

    [Theory]
    [InlineData("""{"authzen":{"public_url":"http://pdp.example.com"}}""", "/doors/authzen/public_url")]
    [InlineData("""{"authzen":{"url":"https://pdp.example.com"}}""", "/doors/authzen/url")]
    [InlineData("""{"authzen":true}""", "/doors/authzen")]
    [InlineData("""{"oauth":{"clients":[{"client_id":"a","secret_sha256":"secret","may":["exchange"]}]}}""", "/doors/oauth/clients/0/secret_sha256")]
    [InlineData("""{"reference":{"public_url":"https://pdp.example.com"}}""", "/doors/reference/public_url")]
    public void Load_OneFault_NamesItsPlace(string doors, string pointer) => Assert.Contains(Load(doors).Faults, fault => fault.Pointer == pointer);

    private Core.Faults.Result<ServerSettings> Load(string doors)
    {
        var path = Path.Combine(_directory, "clawpdp.json");
        File.WriteAllText(path, $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "issuers": [{ "issuer": "https://acme.okta.com", "client_ids": ["0oa1"] }],
              "issuance": { "scope_mapping_file": "mapping.json" }, "doors": {{doors}} }
            """);
        return SettingsLoader.Load(path, new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
