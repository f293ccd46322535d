using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Connections;

/// <summary>What openssl revokes a published sidecar serves no more, on connections that are open, too.</summary>
[Collection(BreakingTests.Name)]
public sealed class RevokedClientTests
{
    [Fact]
    public async Task Revoke_ClientThatIsConnected_IsCutOffAndOthersGoOn()
    {
        _ = PublishedSidecar.Binary;
        using var authority = await OpenSslAuthority.CreateAsync();
        using var lost = await authority.ClientAsync("lost");
        using var kept = await authority.ClientAsync("kept");
        await using var home = new SidecarHome(more: """, "reload_interval_seconds": 1 """, listeners: authority.Listener());
        await using var sidecar = await home.StartAsync();
        var token = await sidecar.IssueAsync();
        using var lostChannel = Open(sidecar, authority, lost);
        using var keptChannel = Open(sidecar, authority, kept);
        Assert.Equal(ReasonCode.Allowed, await AskAsync(lostChannel, token));
        using var stream = new DecisionService.DecisionServiceClient(keptChannel).AuthorizeStream(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ReasonCode.Allowed, await AskAsync(stream, token));

        await authority.RevokeAsync("lost");
        await LiveSidecar.UntilAsync(async () => await IsTurnedAwayAsync(lostChannel, token), "the revoked client is cut off");

        Assert.Equal(ReasonCode.Allowed, await AskAsync(stream, token));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(keptChannel, token));
        using var again = Open(sidecar, authority, lost);
        Assert.True(await IsTurnedAwayAsync(again, token));
        Assert.Contains("closed a connection of spiffe://example.org/ns/prod/sa/agent", sidecar.Process.Output, StringComparison.Ordinal);
    }

    private static GrpcChannel Open(LiveSidecar sidecar, OpenSslAuthority authority, X509Certificate2 certificate) => GrpcChannel.ForAddress(
        string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{OpenSslAuthority.PortOf(sidecar)}"),
        new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = [certificate],
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { authority.Certificate() },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            },
            DisposeHttpClient = true,
        });

    private static async Task<ReasonCode> AskAsync(GrpcChannel channel, string token) =>
        (await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = LiveSidecar.Tool }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(10))).ReasonCode;

    private static async Task<ReasonCode> AskAsync(AsyncDuplexStreamingCall<AuthorizeStreamRequest, AuthorizeStreamResponse> stream, string token)
    {
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Cst = token, Tool = LiveSidecar.Tool } });
        Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return stream.ResponseStream.Current.Response.ReasonCode;
    }

    private static async Task<bool> IsTurnedAwayAsync(GrpcChannel channel, string token)
    {
        try
        {
            await AskAsync(channel, token);
            return false;
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
        {
            return true;
        }
    }
}
