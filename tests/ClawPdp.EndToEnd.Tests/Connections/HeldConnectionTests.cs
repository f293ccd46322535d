using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Connections;

/// <summary>Whoever opens connections to a published sidecar and holds them keeps nobody else out for long, or at all.</summary>
[Collection(BreakingTests.Name)]
public sealed partial class HeldConnectionTests
{
    private const int Places = 256;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Silent_OnEveryPlaceAndEverMore_GiveWayToWhoAsks()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(more: string.Create(CultureInfo.InvariantCulture, $$""", "limits": { "connections": {{Places}}, "first_request_seconds": 300 } """));
        await using var sidecar = await home.StartAsync(new KeyValuePair<string, string>("CLAWPDP_LISTEN_HTTP", "127.0.0.1:0"));
        var token = await sidecar.IssueAsync();
        var grpc = new IPEndPoint(IPAddress.Loopback, new Uri(sidecar.Address).Port);
        var held = await HoldAsync(grpc, Places + 32);
        Assert.Equal(ReasonCode.Allowed, await AskAnewAsync(sidecar.Address, token));

        // And while more of them come than there are places.
        var coming = HoldAsync(grpc, 3 * Places);
        for (var count = 0; count < 5; count++)
        {
            Assert.Equal(ReasonCode.Allowed, await AskAnewAsync(sidecar.Address, token));
        }

        held.AddRange(await coming);

        // Whoever sent a request before them all still has its connection.
        Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
        await LiveSidecar.UntilAsync(async () => await ClosedAsync(sidecar, "gave_way") > 3 * Places, "the others gave way");
        Assert.Equal(0, await ClosedAsync(sidecar, "full"));
        held.ForEach(static connection => connection.Dispose());
    }

    [Fact]
    public async Task Silent_ForTooLong_AreClosedAndOthersStay()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(more: """, "limits": { "first_request_seconds": 1, "handshake_seconds": 120, "header_seconds": 120 } """);
        await using var sidecar = await home.StartAsync(new KeyValuePair<string, string>("CLAWPDP_LISTEN_HTTP", "127.0.0.1:0"));
        var token = await sidecar.IssueAsync();
        var grpc = new IPEndPoint(IPAddress.Loopback, new Uri(sidecar.Address).Port);
        var http = new IPEndPoint(IPAddress.Loopback, HttpPortOf(sidecar));
        using var asking = await RawConnection.OpenAsync(grpc, [.. RawConnection.Preface, .. RawConnection.Headers]);
        var silent = new[]
        {
            await RawConnection.OpenAsync(grpc),
            await RawConnection.OpenAsync(grpc, RawConnection.Preface[..10]),
            await RawConnection.OpenAsync(grpc, RawConnection.Preface),
            await RawConnection.OpenAsync(grpc, [.. RawConnection.Preface, .. RawConnection.Headers[..20]]),
            await RawConnection.OpenAsync(http),
            await RawConnection.OpenAsync(http, "GET /v1/jwks HTTP/1.1\r\nHost: x\r\n"u8.ToArray()),
        };

        var ended = await Task.WhenAll(silent.Select(static connection => connection.EndsWithinAsync(Soon)));

        Assert.Equal(silent.Select(static _ => true), ended);
        Assert.False(await asking.EndsWithinAsync(Moment));
        Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
        Assert.Equal(silent.Length, await ClosedAsync(sidecar, "silent"));
        Array.ForEach(silent, static connection => connection.Dispose());
    }

    [Fact]
    public async Task Handshake_ThatDoesNotEnd_IsClosedInItsTime()
    {
        _ = PublishedSidecar.Binary;
        using var authority = await OpenSslAuthority.CreateAsync();
        await using var home = new SidecarHome(more: """, "limits": { "handshake_seconds": 1, "first_request_seconds": 300 } """, listeners: authority.Listener());
        await using var sidecar = await home.StartAsync();
        var tls = new IPEndPoint(IPAddress.Loopback, OpenSslAuthority.PortOf(sidecar));
        // RFC 8446 section 5.1: a record of 512 bytes of the handshake is said to come, and does not.
        using var silent = await RawConnection.OpenAsync(tls);
        using var half = await RawConnection.OpenAsync(tls, 0x16, 0x03, 0x01, 0x02, 0x00, 0x01);

        Assert.True(await silent.EndsWithinAsync(Soon));
        Assert.True(await half.EndsWithinAsync(Soon));
    }

    [Fact]
    public async Task UnixSocket_UserWithAllOfItsShare_KeepsNoOtherUserOut()
    {
        const string Setpriv = "/usr/bin/setpriv";
        const string Python = "/usr/bin/python3";
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(
            more: """, "limits": { "connections": 12, "peer_connections": 5 } """,
            listeners: """{ "name": "agents", "unix_socket": "agents.sock", "planes": ["decision"], "mode": "0666" }""");
        await using var sidecar = await home.StartAsync(new KeyValuePair<string, string>("CLAWPDP_LISTEN_HTTP", "127.0.0.1:0"));
        var path = Path.Combine(home.Folder, "agents.sock");
        File.SetUnixFileMode(home.Folder, File.GetUnixFileMode(home.Folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var held = new List<RawConnection>();
        try
        {
            for (var count = 0; count < 12; count++)
            {
                var connection = await RawConnection.OpenAsync(new UnixDomainSocketEndPoint(path), [.. RawConnection.Preface, .. RawConnection.Headers]);
                held.Add(connection);
                Assert.Equal(count < 5, await connection.IsAnsweredAsync());
                if (count < 5)
                {
                    // Until its request has been read it would give way to the next.
                    await LiveSidecar.UntilAsync(async () => await connection.EndsWithinAsync(Moment) is false, "it is held");
                }
            }

            Assert.Equal(7, await ClosedAsync(sidecar, "peer"));
            Assert.SkipUnless(Environment.UserName == "root" && File.Exists(Setpriv) && File.Exists(Python), "only root can be another user");
            var script = $"""
                import socket
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(10)
                s.connect('{path}')
                s.sendall(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
                print(len(s.recv(9)))
                """;
            Assert.Equal((0, "9"), await ChildProcess.RunAsync(Setpriv, "--reuid=65533", "--regid=65533", "--clear-groups", Python, "-c", script) is var (code, output) ? (code, output.Trim()) : default);
        }
        finally
        {
            held.ForEach(static connection => connection.Dispose());
        }
    }

    // In turn with and without a word of HTTP/2.
    private static async Task<List<RawConnection>> HoldAsync(IPEndPoint to, int count)
    {
        var held = new List<RawConnection>();
        while (held.Count < count)
        {
            held.Add(await RawConnection.OpenAsync(to, held.Count % 2 == 0 ? [] : RawConnection.Preface));
        }

        return held;
    }

    private static async Task<ReasonCode> AskAnewAsync(string address, string token)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var answer = await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = LiveSidecar.Tool }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(5));
        return answer.ReasonCode;
    }

    private static int HttpPortOf(LiveSidecar sidecar) =>
        PortPattern().Matches(sidecar.Process.Output).Select(static match => int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture)).ElementAt(1);

    private static async Task<int> ClosedAsync(LiveSidecar sidecar, string cause)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpPortOf(sidecar)}/metrics")));
        var head = $"clawpdp_connections_closed_total{{cause=\"{cause}\"}} ";
        var line = Assert.Single(text.Split('\n'), line => line.StartsWith(head, StringComparison.Ordinal));
        return int.Parse(line.AsSpan(head.Length), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:(?<port>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PortPattern();
}
