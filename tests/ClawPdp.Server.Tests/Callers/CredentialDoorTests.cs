using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Cli;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests.Callers;

public sealed class CredentialDoorTests : IClassFixture<CallersSidecar>
{
    private readonly CallersSidecar _sidecar;

    public CredentialDoorTests(CallersSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public async Task Mutual_AcceptedClient_IsNamedInTheRecords()
    {
        using var certificate = _sidecar.Authority.Client([CallersSidecar.Agent]);
        using var channel = _sidecar.OpenMutual(certificate);

        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(channel)).ReasonCode);
        await RevokeAsync(channel, "mutual-1");

        Assert.Contains(_sidecar.Records(RecordKind.Revocation), static text => text.Contains("mutual-1", StringComparison.Ordinal) && text.Contains($"\"revoked_by\":\"{CallersSidecar.Agent}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mutual_NoCertificate_IsTurnedAway()
    {
        using var channel = _sidecar.OpenMutual(certificate: null);

        await TurnedAwayAsync(channel);
    }

    [Fact]
    public async Task Mutual_AnotherId_IsTurnedAway()
    {
        using var certificate = _sidecar.Authority.Client(["spiffe://example.org/ns/test/sa/agent"]);
        using var channel = _sidecar.OpenMutual(certificate);

        await TurnedAwayAsync(channel);
    }

    [Fact]
    public async Task Mutual_AnotherAuthority_IsTurnedAway()
    {
        using var certificate = _sidecar.Other.Client([CallersSidecar.Agent]);
        using var channel = _sidecar.OpenMutual(certificate);

        await TurnedAwayAsync(channel);
    }

    [Fact]
    public async Task Mutual_CertificatesSwapped_AreTakenUpAndBadOnesAreNot()
    {
        using var certificate = _sidecar.Authority.Client([CallersSidecar.Agent]);
        using (var next = new TestAuthority("next"))
        {
            _sidecar.WriteServer(next, "2");
            await _sidecar.ReloadAsync();
            using var known = _sidecar.OpenMutual(certificate, next);
            using var unknown = _sidecar.OpenMutual(certificate);

            Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(known)).ReasonCode);
            await TurnedAwayAsync(unknown);

            // A key of another certificate, as in the middle of a change file by file.
            using var stray = next.Server();
            _sidecar.Replace("..data2/tls.crt", Encoding.UTF8.GetBytes(stray.ExportCertificatePem()));
            await _sidecar.ReloadAsync();
            using var still = _sidecar.OpenMutual(certificate, next);

            Assert.NotNull(_sidecar.FaultOf("listener mutual"));
            Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(still)).ReasonCode);
        }

        _sidecar.WriteServer(_sidecar.Authority, "3");
        await _sidecar.ReloadAsync();
        using var last = _sidecar.OpenMutual(certificate);
        Assert.Null(_sidecar.FaultOf("listener mutual"));
        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(last)).ReasonCode);
    }

    [Fact]
    public async Task Mutual_AuthoritiesSwapped_CountForTheNextConnectionAndEndTheOpenOnes()
    {
        using var before = _sidecar.Authority.Client([CallersSidecar.Agent]);
        using var after = _sidecar.Other.Client([CallersSidecar.Agent]);
        using var open = _sidecar.OpenMutual(before);
        using var stream = new DecisionService.DecisionServiceClient(open).AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Tool = "github" } });
        Assert.True(await stream.ResponseStream.MoveNext());
        _sidecar.Replace("authorities.pem", Encoding.UTF8.GetBytes(_sidecar.Other.Pem));
        await _sidecar.ReloadAsync();
        try
        {
            using var refused = _sidecar.OpenMutual(before);
            using var taken = _sidecar.OpenMutual(after);

            await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext());
            await TurnedAwayAsync(open);
            await TurnedAwayAsync(refused);
            Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(taken)).ReasonCode);
        }
        finally
        {
            _sidecar.Replace("authorities.pem", Encoding.UTF8.GetBytes(_sidecar.Authority.Pem));
            await _sidecar.ReloadAsync();
        }
    }

    [Fact]
    public async Task Listed_RevokedWhileConnected_IsCutOffAndOthersGoOn()
    {
        using var lost = _sidecar.Authority.Client([CallersSidecar.Agent]);
        using var kept = _sidecar.Authority.Client([CallersSidecar.Agent]);
        using var lostChannel = _sidecar.OpenListed(lost);
        using var keptChannel = _sidecar.OpenListed(kept);
        using var stream = new DecisionService.DecisionServiceClient(keptChannel).AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Tool = "github" } });
        Assert.True(await stream.ResponseStream.MoveNext());
        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(lostChannel)).ReasonCode);
        _sidecar.Revoke(lost);

        await _sidecar.ReloadAsync();

        await TurnedAwayAsync(lostChannel);
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Tool = "github" } });
        Assert.True(await stream.ResponseStream.MoveNext());
        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(keptChannel)).ReasonCode);
    }

    [Fact]
    public async Task Listed_ListThatIsDamaged_KeepsTheLastGoodOne()
    {
        using var lost = _sidecar.Authority.Client([CallersSidecar.Agent]);
        _sidecar.Revoke(lost);
        await _sidecar.ReloadAsync();
        var damaged = _sidecar.Authority.Revoke(DateTimeOffset.UtcNow.AddDays(1));
        damaged[^5] ^= 1;
        _sidecar.Replace("revoked.crl", damaged);

        await _sidecar.ReloadAsync();

        Assert.Contains("revoked.crl", _sidecar.FaultOf("listener listed"), StringComparison.Ordinal);
        using var channel = _sidecar.OpenListed(lost);
        await TurnedAwayAsync(channel);
        _sidecar.Revoke();
        await _sidecar.ReloadAsync();
        Assert.Null(_sidecar.FaultOf("listener listed"));
    }

    [Fact]
    public async Task Listed_OlderListStillInItsTime_KeepsTheNewerOneAndShows()
    {
        using var lost = _sidecar.Authority.Client([CallersSidecar.Agent]);
        var older = _sidecar.Authority.Revoke(DateTimeOffset.UtcNow.AddDays(1));
        _sidecar.Revoke(lost);
        await _sidecar.ReloadAsync();
        _sidecar.Replace("revoked.crl", older);

        await _sidecar.ReloadAsync();

        Assert.Contains("is older than one that counted already", _sidecar.FaultOf("listener listed"), StringComparison.Ordinal);
        using var channel = _sidecar.OpenListed(lost);
        await TurnedAwayAsync(channel);
        _sidecar.Revoke();
        await _sidecar.ReloadAsync();
        Assert.Null(_sidecar.FaultOf("listener listed"));
        using var again = _sidecar.OpenListed(lost);
        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(again)).ReasonCode);
    }

    [Fact]
    public async Task Listed_ListThatIsOver_CutsEverybodyOffAndShows()
    {
        using var certificate = _sidecar.Authority.Client([CallersSidecar.Agent]);
        using var channel = _sidecar.OpenListed(certificate);
        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(channel)).ReasonCode);
        _sidecar.Replace("revoked.crl", _sidecar.Authority.Revoke(DateTimeOffset.UtcNow.AddSeconds(-1)));

        await _sidecar.ReloadAsync();

        Assert.Contains("is over since", _sidecar.FaultOf("listener listed"), StringComparison.Ordinal);
        await TurnedAwayAsync(channel);
        _sidecar.Revoke();
        await _sidecar.ReloadAsync();
        Assert.Null(_sidecar.FaultOf("listener listed"));
        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(channel)).ReasonCode);
    }

    [Fact]
    public async Task Tokens_AdminCall_NeedsOneAndOthersNone()
    {
        var address = _sidecar.TlsAddress(_sidecar.TokenAddress, certificate: null, _sidecar.Authority);
        using var without = CallersSidecar.Open(address);
        _sidecar.Replace("token", Encoding.UTF8.GetBytes(_sidecar.Token + "\n"));
        _sidecar.Replace("wrong", Encoding.UTF8.GetBytes(_sidecar.Token[..^1] + (_sidecar.Token[^1] == 'A' ? 'B' : 'A')));
        using var with = CallersSidecar.Open(address with { TokenPath = _sidecar.PathOf("token") });
        using var wrong = CallersSidecar.Open(address with { TokenPath = _sidecar.PathOf("wrong") });

        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(without)).ReasonCode);
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => RevokeAsync(without, "tokens-1"))).StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => RevokeAsync(wrong, "tokens-1"))).StatusCode);
        await RevokeAsync(with, "tokens-1");

        Assert.Contains(_sidecar.Records(RecordKind.Revocation), static text => text.Contains("tokens-1", StringComparison.Ordinal) && text.Contains("\"revoked_by\":\"token:ci\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_HttpControlRoute_NeedsOne()
    {
        using var http = new HttpClient();
        var uri = new Uri(_sidecar.PlainTokenAddress + "/v1/revocations/events");

        using var without = await http.GetAsync(uri);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _sidecar.Token);
        using var bearer = await http.SendAsync(request);
        using var both = new HttpRequestMessage(HttpMethod.Get, uri);
        both.Headers.Add(PlaneGate.TokenHeader, _sidecar.Token);
        both.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a.b.c");
        using var header = await http.SendAsync(both);

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Contains("ADMIN_TOKEN_REQUIRED", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Let through to the endpoint, which asks for a CST of its own.
        Assert.Contains("LEGACY_AUTH_FORBIDDEN", await bearer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("TOKEN_MALFORMED", await header.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_AdminSocketAndTls_ReachTheAdminPlane()
    {
        using var certificate = _sidecar.Authority.Client([CallersSidecar.Agent]);
        var mutual = _sidecar.TlsAddress(_sidecar.MutualAddress, certificate, _sidecar.Authority);
        _sidecar.Replace("token", Encoding.UTF8.GetBytes(_sidecar.Token));

        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["revoke", "--jti", "cli-1", "--server", "unix://" + _sidecar.Settings.Listen.AdminSocketPath]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["revoke", "--jti", "cli-2", "--server", mutual.Server, "--ca", mutual.AuthorityPath ?? "", "--cert", mutual.CertificatePath ?? "", "--key", mutual.KeyPath ?? ""]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["revoke", "--jti", "cli-3", "--server", _sidecar.TokenAddress, "--ca", mutual.AuthorityPath ?? "", "--admin-token-file", _sidecar.PathOf("token")]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["revoke", "--jti", "cli-4", "--server", _sidecar.TokenAddress, "--ca", mutual.AuthorityPath ?? ""]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["revoke", "--jti", "cli-5", "--server", "unix:" + _sidecar.PathOf("deciding.sock")]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["revoke", "--jti", "cli-6", "--server", "http://192.0.2.1:1", "--admin-token-file", _sidecar.PathOf("token")]));
    }

    [Fact]
    public async Task Peers_AnotherUser_IsTurnedAwayBeforeAnythingIsRead()
    {
        const string Setpriv = "/usr/bin/setpriv";
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(OwnUser.Id == 0, "only root can be another user");
        Assert.SkipUnless(File.Exists(Setpriv) && File.Exists(Python), "there is no setpriv or python3");

        // Whoever is let in is answered with the server's settings, and the others see the end.
        var script = $"""
            import socket
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(10)
            s.connect('{_sidecar.PathOf("own.sock")}')
            try:
                s.sendall(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
                print(len(s.recv(9)))
            except ConnectionError:
                print(0)
            """;

        Assert.Equal("9", await RunAsync(Python, "-c", script));
        Assert.Equal("0", await RunAsync(Setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", Python, "-c", script));
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("not started");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (output + await errors).Trim();
    }

    private static async Task<AuthorizeResponse> AskAsync(GrpcChannel channel) =>
        await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Tool = "github" });

    private static async Task RevokeAsync(GrpcChannel channel, string tokenId) =>
        Assert.NotNull((await new TokenService.TokenServiceClient(channel).RevokeCstAsync(new RevokeCstRequest { Jti = tokenId })).Revocation);

    private static async Task TurnedAwayAsync(GrpcChannel channel)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => AskAsync(channel));

        Assert.True(failure.StatusCode is StatusCode.Unavailable or StatusCode.Internal, failure.ToString());
    }
}
