using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>The settings of the doors that a browser can reach.</summary>
public sealed class WebSettingsTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"origins":["https://a.example","https://a.example:8443","http://localhost:5173","http://127.0.0.1","http://[::1]:3000"]}""")]
    [InlineData("""{"hosts":["pdp","pdp.example.com","10.0.0.5","::1"]}""")]
    public void Read_GoodSettings_HaveNoFault(string settings)
    {
        Assert.Empty(FaultsOf("connect", settings));
        Assert.Empty(FaultsOf("grpc_web", settings));
    }

    [Theory]
    [InlineData("""{"origins":["*"]}""", "/origins/0")]
    [InlineData("""{"origins":["null"]}""", "/origins/0")]
    [InlineData("""{"origins":["http://a.example"]}""", "/origins/0")]
    [InlineData("""{"origins":["https://a.example/"]}""", "/origins/0")]
    [InlineData("""{"origins":["https://a.example:443"]}""", "/origins/0")]
    [InlineData("""{"origins":["https://A.example"]}""", "/origins/0")]
    [InlineData("""{"origins":["https://a.example","https://*.example"]}""", "/origins/1")]
    [InlineData("""{"origins":["https://user@a.example"]}""", "/origins/0")]
    [InlineData("""{"origins":"https://a.example"}""", "/origins")]
    [InlineData("""{"hosts":["pdp:7081"]}""", "/hosts/0")]
    [InlineData("""{"hosts":["PDP"]}""", "/hosts/0")]
    [InlineData("""{"hosts":["*"]}""", "/hosts/0")]
    [InlineData("""{"hosts":["pdp."]}""", "/hosts/0")]
    [InlineData("""{"hosts":["127.1"]}""", "/hosts/0")]
    [InlineData("""{"origin":["https://a.example"]}""", "/origin")]
    public void Read_BadSettings_NameTheMember(string settings, string pointer)
    {
        Assert.Contains(FaultsOf("connect", settings), fault => fault.Pointer == "/connect" + pointer);
        Assert.Contains(FaultsOf("grpc_web", settings), fault => fault.Pointer == "/grpc_web" + pointer);
    }

    private static List<Fault> FaultsOf(string door, string settings)
    {
        var faults = new List<Fault>();
        AllDoors.Read(JsonCursor.At(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"{{door}}":{{settings}}}"""), 4096).Value, faults), "/");
        return faults;
    }
}
