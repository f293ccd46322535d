using System.Security.Cryptography;
using System.Text;
using ClawPdp.Identity;
using ClawPdp.Server.Doors.OAuth;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>The sidecar with a public URL, two clients that may exchange, two audiences, and a provider of identity assertions.</summary>
public sealed class AssertionSidecar : RunningSidecar, IAsyncDisposable
{
    internal const string Resource = "https://mcp.example.com/";

    internal AssertionIssuer Issuer { get; } = new();

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        Issuer.Start();
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(OAuthSidecar.Secret));
        var oauth = new OAuthSettings
        {
            PublicUrl = OAuthSidecar.PublicUrl,
            Clients = [new("host", hash, OAuthRights.Exchange), new("other", hash, OAuthRights.Exchange)],
        };
        var issuer = IssuerSettings.Create(new IssuerDocument { Issuer = Issuer.Url, ClientIds = ["agent"] }).Value;
        return settings with
        {
            Doors = [new OAuthDoor(oauth)],
            Issuers = [.. settings.Issuers, issuer],
            Issuance = settings.Issuance with { Audiences = [.. settings.Issuance.Audiences, Resource] },
        };
    }
}
