using ClawPdp.Server.Callers;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Callers;

public sealed class ListenSettingsTests : IDisposable
{
    private const string Certificate = "\"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\" }";
    private const string Mutual = "\"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_ca_file\": \"a\", \"spiffe_ids\": [\"spiffe://a/b\"] }";

    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_Nothing_CarriesAdminOnTheAdminSocketAlone()
    {
        var listeners = Load("").Value.Listen.All;

        Assert.Equal(["grpc", "http", "unix_socket", "admin_socket"], listeners.Select(static listener => listener.Name));
        Assert.Equal("admin_socket", Assert.Single(listeners, static listener => listener.Planes.HasFlag(Plane.Admin)).Name);
        Assert.Equal(Path.Combine(_directory, "data", "admin.sock"), listeners[3].SocketPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, listeners[3].Mode);
        Assert.Equal([OwnUser.Id, 0u], listeners[3].Peers?.UserIds);
    }

    [Fact]
    public void Read_Acknowledged_CarriesAdminOnLoopback()
    {
        var listeners = Load("\"plaintext_loopback_admin\": true").Value.Listen.All;

        Assert.Equal(["grpc", "http", "admin_socket"], listeners.Where(static listener => listener.Planes.HasFlag(Plane.Admin)).Select(static listener => listener.Name));
    }

    [Theory]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"admin\", \"decision\", \"issuance\", \"metrics\"], \"protocol\": \"http\", \"mode\": \"0660\", \"peers\": { \"gids\": [5] } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"0.0.0.0:0\", \"planes\": [\"decision\", \"admin\"], " + Mutual + " }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"0.0.0.0:0\", \"planes\": [\"admin\"], \"admin_tokens_file\": \"t\", " + Certificate + " }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_ca_file\": \"a\", \"client_crl_files\": [\"l\"], \"spiffe_ids\": [\"spiffe://a/b\"] } }")]
    public void Read_Listener_IsTaken(string listener) => Assert.Empty(Load($"\"listeners\": [{listener}]").Faults);

    [Theory]
    [InlineData("{ \"name\": \"a\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\", \"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"everything\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\" }")]
    [InlineData("{ \"name\": \"A\", \"unix_socket\": \"s\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"grpc\", \"unix_socket\": \"s\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"data/admin.sock\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\"], \"peers\": {} }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\"], \"peers\": { \"uids\": [-1] } }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\"], \"mode\": \"660\" }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"admin\"], \"mode\": \"0666\" }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\"], " + Certificate + " }")]
    [InlineData("{ \"name\": \"a\", \"unix_socket\": \"s\", \"planes\": [\"decision\"], \"admin_tokens_file\": \"t\" }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"peers\": { \"uids\": [0] } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"admin\"] }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"admin\"], \"admin_tokens_file\": \"t\" }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"admin\"], " + Certificate + " }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"0.0.0.0:0\", \"planes\": [\"decision\"] }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"0.0.0.0:0\", \"planes\": [\"decision\"], " + Certificate + " }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"0.0.0.0:0\", \"planes\": [\"decision\", \"admin\"], \"admin_tokens_file\": \"t\", " + Certificate + " }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_ca_file\": \"a\" } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_ca_file\": \"a\", \"spiffe_ids\": [] } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_ca_file\": \"a\", \"spiffe_ids\": [\"*\"] } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"key_file\": \"k\" } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_crl_files\": [\"l\"] } }")]
    [InlineData("{ \"name\": \"a\", \"address\": \"127.0.0.1:0\", \"planes\": [\"decision\"], \"tls\": { \"certificate_file\": \"c\", \"key_file\": \"k\", \"client_ca_file\": \"a\", \"client_crl_files\": [], \"spiffe_ids\": [\"spiffe://a/b\"] } }")]
    public void Read_Listener_IsRefused(string listener) => Assert.NotEmpty(Load($"\"listeners\": [{listener}]").Faults);

    [Fact]
    public void Read_PlaintextAdminElsewhere_IsRefusedWhateverElseIsSaid()
    {
        const string Listener = "\"listeners\": [{ \"name\": \"a\", \"address\": \"0.0.0.0:0\", \"planes\": [\"admin\"], \"admin_tokens_file\": \"t\" }]";

        Assert.NotEmpty(Load("\"allow_non_loopback\": true, \"plaintext_loopback_admin\": true, " + Listener).Faults);
        Assert.NotEmpty(Load("\"allow_non_loopback\": true, \"plaintext_loopback_admin\": true, \"grpc\": \"0.0.0.0:7080\"").Faults);
        Assert.Empty(Load("\"plaintext_loopback_admin\": true, " + Listener.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)).Faults);
        Assert.Empty(Load("\"allow_non_loopback\": true, \"grpc\": \"0.0.0.0:7080\"").Faults);
    }

    private Core.Faults.Result<ServerSettings> Load(string listen)
    {
        var path = Path.Combine(_directory, "clawpdp.json");
        File.WriteAllText(path, $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "listen": { {{listen}} },
              "issuers": [{ "issuer": "https://acme.okta.com/oauth2/default", "client_ids": ["0oa1"] }],
              "issuance": { "scope_mapping_file": "mapping.json" } }
            """);
        return SettingsLoader.Load(path, new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
