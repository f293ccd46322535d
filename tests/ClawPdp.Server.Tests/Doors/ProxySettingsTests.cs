using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors;

namespace ClawPdp.Server.Tests.Doors;

/// <summary>The settings of the doors for proxies.</summary>
public sealed class ProxySettingsTests
{
    [Theory]
    [InlineData("""{"forward_auth":{}}""")]
    [InlineData("""{"forward_auth":null,"envoy":null,"ext_mcp":null}""")]
    [InlineData("""{"forward_auth":{"host":"none","token":"x-cst","destination_header":"host","state":{"tool":"a","model":"b","provider":"c","policy_hash":"d","audience":"e","host":"f"},"routes":{"a-1":{"host":"header"}}}}""")]
    [InlineData("""{"envoy":{"host":"destination","token":"any","state":{"audience":"a"},"remove_token":false}}""")]
    [InlineData("""{"ext_mcp":{"token":"authorization","state":{"audience":"a"}}}""")]
    public void Read_GoodSettings_HaveNoFault(string doors) => Assert.Empty(FaultsOf(doors));

    [Theory]
    [InlineData("""{"forward_auth":{"host":"nowhere"}}""", "/forward_auth/host")]
    [InlineData("""{"forward_auth":{"token":"cookie"}}""", "/forward_auth/token")]
    [InlineData("""{"forward_auth":{"destination_header":"x-host"}}""", "/forward_auth/destination_header")]
    [InlineData("""{"forward_auth":{"state":{"run_id":"r"}}}""", "/forward_auth/state/run_id")]
    [InlineData("""{"forward_auth":{"state":{"tool":""}}}""", "/forward_auth/state/tool")]
    [InlineData("""{"forward_auth":{"routes":{"A":{}}}}""", "/forward_auth/routes/A")]
    [InlineData("""{"forward_auth":{"routes":{"a/b":{}}}}""", "/forward_auth/routes/a~1b")]
    [InlineData("""{"forward_auth":{"routes":{"a":{"routes":{}}}}}""", "/forward_auth/routes/a/routes")]
    [InlineData("""{"forward_auth":{"routes":[]}}""", "/forward_auth/routes")]
    [InlineData("""{"envoy":{"remove_token":"yes"}}""", "/envoy/remove_token")]
    [InlineData("""{"envoy":{"destination_header":"host"}}""", "/envoy/destination_header")]
    [InlineData("""{"ext_mcp":{"host":"none"}}""", "/ext_mcp/host")]
    public void Read_BadSettings_NameTheMember(string doors, string pointer) => Assert.Contains(FaultsOf(doors), fault => fault.Pointer == pointer);

    private static List<Fault> FaultsOf(string doors) => FaultsOf(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(doors), 4096).Value);

    private static List<Fault> FaultsOf(JsonValue doors)
    {
        var faults = new List<Fault>();
        AllDoors.Read(JsonCursor.At(doors, faults), "/");
        return faults;
    }
}
