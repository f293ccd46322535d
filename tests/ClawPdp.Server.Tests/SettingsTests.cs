using System.Collections;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests;

public sealed class SettingsTests : IDisposable
{
    private const string Good = """
        {
          "data_directory": "data",
          "audiences": ["clawpdp"],
          "issuers": [{ "issuer": "https://acme.okta.com/oauth2/default", "client_ids": ["0oa1"] }],
          "issuance": { "scope_mapping_file": "mapping.json" }
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_MinimalFile_ListensOnLoopbackAlone()
    {
        var settings = Load(Good).Value;

        Assert.Equal("127.0.0.1:7080", settings.Listen.Grpc?.ToString());
        Assert.Equal("127.0.0.1:7081", settings.Listen.Http?.ToString());
        Assert.Equal(Path.Combine(_directory, "data", "clawpdp.sock"), settings.Listen.UnixSocketPath);
        Assert.False(settings.Policy.Required);
    }

    [Theory]
    [InlineData("\"audiences\": [\"clawpdp\"]", "\"audiences\": []", "/audiences")]
    [InlineData("\"client_ids\": [\"0oa1\"]", "\"client_ids\": []", "/issuers/0/client_ids")]
    [InlineData("https://acme", "http://acme", "/issuers/0/issuer")]
    [InlineData("\"data_directory\": \"data\"", "\"data_directory\": 1", "/data_directory")]
    [InlineData("\"scope_mapping_file\"", "\"scope_maping_file\"", "/issuance/scope_maping_file")]
    [InlineData("\"data_directory\": \"data\"", "\"data_directory\": \"data\", \"data_directory\": \"data\"", "/data_directory")]
    public void Load_OneFault_NamesItsPlaceAndLine(string from, string to, string pointer)
    {
        var faults = Load(Good.Replace(from, to, StringComparison.Ordinal)).Faults;

        Assert.Contains(faults, fault => fault.Pointer == pointer && fault.Line is > 0);
    }

    [Fact]
    public void Load_FewerCallsThanByDefault_GivesPeersAndTokensTheirParts()
    {
        var limits = Load(Good.Replace("\"audiences\"", "\"limits\": { \"calls\": 80, \"token_calls\": 7 }, \"audiences\"", StringComparison.Ordinal)).Value.Limits;

        Assert.Equal((80, 20, 7, 1024), (limits.CallsMax, limits.PeerCallsMax, limits.TokenCallsMax, limits.ConnectionsMax));
        Assert.Equal((4096, 1024, 512), (Load(Good).Value.Limits.CallsMax, Load(Good).Value.Limits.PeerCallsMax, Load(Good).Value.Limits.TokenCallsMax));
        Assert.Equal(TimeSpan.FromSeconds(10), Load(Good).Value.ShutdownTimeout);
    }

    [Theory]
    [InlineData("", 256, 64)]
    [InlineData("\"revocation_watches\": 4", 4, 1)]
    [InlineData("\"revocation_watches\": 40", 40, 10)]
    [InlineData("\"peer_revocation_watches\": 256", 256, 256)]
    [InlineData("\"revocation_watches\": 4096, \"peer_revocation_watches\": 1", 4096, 1)]
    public void Load_RevocationWatches_GivesAPeerItsPart(string members, int all, int peer)
    {
        var limits = Load(Good.Replace("\"audiences\"", $"\"limits\": {{ {members} }}, \"audiences\"", StringComparison.Ordinal)).Value.Limits;

        Assert.Equal((all, peer), (limits.RevocationWatchesMax, limits.PeerRevocationWatchesMax));
    }

    [Fact]
    public void Load_LimitsOfConnections_HaveDefaultsAndAreRead()
    {
        var standard = Load(Good).Value.Limits;
        var limits = Load(Good.Replace("\"audiences\"", "\"limits\": { \"streams\": 8, \"header_bytes\": 4096, \"headers\": 16, \"header_seconds\": 1, \"handshake_seconds\": 3, \"first_request_seconds\": 4, \"peer_connections\": 6, \"idle_seconds\": 2, \"bytes_per_second\": 0 }, \"audiences\"", StringComparison.Ordinal)).Value.Limits;

        Assert.Equal((256, 32_768, 100, 10, 130, 240), (standard.StreamsMax, standard.HeaderSizeMaxBytes, standard.HeaderCountMax, (int)standard.HeaderTimeout.TotalSeconds, (int)standard.IdleTimeout.TotalSeconds, standard.BytesPerSecondMin));
        Assert.Equal((8, 4_096, 16, 1, 2, 0), (limits.StreamsMax, limits.HeaderSizeMaxBytes, limits.HeaderCountMax, (int)limits.HeaderTimeout.TotalSeconds, (int)limits.IdleTimeout.TotalSeconds, limits.BytesPerSecondMin));
        Assert.Equal((512, 10, 20), (standard.PeerConnectionsMax, (int)standard.HandshakeTimeout.TotalSeconds, (int)standard.FirstRequestTimeout.TotalSeconds));
        Assert.Equal((6, 3, 4), (limits.PeerConnectionsMax, (int)limits.HandshakeTimeout.TotalSeconds, (int)limits.FirstRequestTimeout.TotalSeconds));
    }

    [Theory]
    [InlineData("\"limits\": { \"streams\": 0 }", "/limits/streams")]
    [InlineData("\"limits\": { \"streams\": 1001 }", "/limits/streams")]
    [InlineData("\"limits\": { \"header_bytes\": 4095 }", "/limits/header_bytes")]
    [InlineData("\"limits\": { \"header_bytes\": 131073 }", "/limits/header_bytes")]
    [InlineData("\"limits\": { \"headers\": 15 }", "/limits/headers")]
    [InlineData("\"limits\": { \"headers\": 1001 }", "/limits/headers")]
    [InlineData("\"limits\": { \"header_seconds\": 0 }", "/limits/header_seconds")]
    [InlineData("\"limits\": { \"header_seconds\": 121 }", "/limits/header_seconds")]
    [InlineData("\"limits\": { \"peer_connections\": 0 }", "/limits/peer_connections")]
    [InlineData("\"limits\": { \"connections\": 8, \"peer_connections\": 9 }", "/limits/peer_connections")]
    [InlineData("\"limits\": { \"handshake_seconds\": 0 }", "/limits/handshake_seconds")]
    [InlineData("\"limits\": { \"handshake_seconds\": 121 }", "/limits/handshake_seconds")]
    [InlineData("\"limits\": { \"first_request_seconds\": 0 }", "/limits/first_request_seconds")]
    [InlineData("\"limits\": { \"first_request_seconds\": 3601 }", "/limits/first_request_seconds")]
    [InlineData("\"limits\": { \"idle_seconds\": 0 }", "/limits/idle_seconds")]
    [InlineData("\"limits\": { \"idle_seconds\": 86401 }", "/limits/idle_seconds")]
    [InlineData("\"limits\": { \"bytes_per_second\": -1 }", "/limits/bytes_per_second")]
    [InlineData("\"limits\": { \"bytes_per_second\": 1048577 }", "/limits/bytes_per_second")]
    [InlineData("\"limits\": { \"calls\": 15 }", "/limits/calls")]
    [InlineData("\"limits\": { \"calls\": 32, \"peer_calls\": 33 }", "/limits/peer_calls")]
    [InlineData("\"limits\": { \"token_calls\": 0 }", "/limits/token_calls")]
    [InlineData("\"limits\": { \"revocation_watches\": 3 }", "/limits/revocation_watches")]
    [InlineData("\"limits\": { \"revocation_watches\": 4097 }", "/limits/revocation_watches")]
    [InlineData("\"limits\": { \"peer_revocation_watches\": 0 }", "/limits/peer_revocation_watches")]
    [InlineData("\"limits\": { \"peer_revocation_watches\": 257 }", "/limits/peer_revocation_watches")]
    [InlineData("\"limits\": { \"connection\": 5 }", "/limits/connection")]
    [InlineData("\"shutdown_seconds\": 0", "/shutdown_seconds")]
    [InlineData("\"decision_log\": \"eventually\"", "/decision_log")]
    [InlineData("\"decision_log\": true", "/decision_log")]
    [InlineData("\"log_origin\": \"two words\"", "/log_origin")]
    [InlineData("\"log_origin\": \"a+b\"", "/log_origin")]
    [InlineData("\"log_origin\": \"\"", "/log_origin")]
    public void Load_LogSettingsThatAreNone_AreRefused(string member, string pointer) =>
        Assert.Contains(Load(Good.Replace("\"audiences\"", $"{member}, \"audiences\"", StringComparison.Ordinal)).Faults, fault => fault.Pointer == pointer);

    [Theory]
    [InlineData("\"did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT\"", "")]
    [InlineData("\"did:web:example.com\"", "/policy/approvers/0")]
    [InlineData("1", "/policy/approvers/0")]
    [InlineData("\"did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT\", \"did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT\"", "/policy/approvers/1")]
    [InlineData("\"did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw\"", "/policy/approvers/0")]
    public void Load_Approvers_AreKeysOfTheirOwn(string entries, string pointer)
    {
        var signers = "\"signers\": [\"did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw\"]";
        var loaded = Load(Good.Replace("\"audiences\"", $"\"policy\": {{ {signers}, \"approvers\": [{entries}] }}, \"audiences\"", StringComparison.Ordinal));

        Assert.Equal(pointer.Length == 0 ? [] : [pointer], loaded.IsValid ? [] : loaded.Faults.Select(static fault => fault.Pointer));
    }

    [Fact]
    public void Load_LogSettings_AreTakenAndDefaultToTheFastMode()
    {
        var given = Load(Good.Replace("\"audiences\"", "\"decision_log\": \"durable\", \"log_origin\": \"log.example.com/a\", \"audiences\"", StringComparison.Ordinal)).Value;
        var absent = Load(Good).Value;

        Assert.Equal((DecisionLogMode.Durable, "log.example.com/a"), (given.DecisionLog, given.LogOrigin));
        Assert.Equal((DecisionLogMode.Asynchronous, null), (absent.DecisionLog, absent.LogOrigin));
    }

    [Theory]
    [InlineData("0.0.0.0:7080")]
    [InlineData("192.0.2.1:7080")]
    [InlineData("localhost:7080")]
    [InlineData("127.0.0.1")]
    public void Load_AddressBeyondLoopback_IsRefusedUnlessMeant(string address)
    {
        var text = Good.Replace("\"audiences\"", $"\"listen\": {{ \"grpc\": \"{address}\" }}, \"audiences\"", StringComparison.Ordinal);

        Assert.Contains(Load(text).Faults, static fault => fault.Pointer == "/listen/grpc");
    }

    [Fact]
    public void Load_AddressBeyondLoopback_IsTakenWhenMeant()
    {
        var text = Good.Replace("\"audiences\"", "\"listen\": { \"grpc\": \"0.0.0.0:7080\", \"allow_non_loopback\": true }, \"audiences\"", StringComparison.Ordinal);

        Assert.True(Load(text).IsValid);
    }

    [Fact]
    public void Load_Environment_ReplacesMembersAndRefusesUnknownNames()
    {
        var settings = Load(Good, ("CLAWPDP_LISTEN_GRPC", "127.0.0.1:9999")).Value;
        var faults = Load(Good, ("CLAWPDP_LISTEN_GPRC", "127.0.0.1:9999")).Faults;

        Assert.Equal(9999, settings.Listen.Grpc?.Port);
        Assert.Contains("CLAWPDP_LISTEN_GPRC", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManyFaults_ReportsAll()
    {
        var faults = Load("""{ "audiences": ["a", "a"], "issuers": [], "issuance": { "ttl_max_seconds": 0 }, "extra": 1 }""").Faults;

        Assert.Equal(["", "/audiences/1", "/extra", "/issuance", "/issuance/ttl_max_seconds", "/issuers"], faults.Select(static fault => fault.Pointer).Order(StringComparer.Ordinal));
    }

    private Core.Faults.Result<ServerSettings> Load(string text, params (string Name, string Value)[] environment)
    {
        var path = Path.Combine(_directory, "clawpdp.json");
        File.WriteAllText(path, text);
        IDictionary variables = environment.ToDictionary(static item => item.Name, static item => item.Value, StringComparer.Ordinal);
        return SettingsLoader.Load(path, variables);
    }
}
