using System.Security.Cryptography;
using System.Text;
using ClawPdp.Server.Doors.OAuth;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>The sidecar with a public URL, three clients that may one thing each, and control scopes for one group.</summary>
public sealed class OAuthSidecar : RunningSidecar
{
    internal const string Secret = "7f1c0a5b9d3e4f8260a1b2c3d4e5f60718293a4b5c6d7e8f";
    internal const string PublicUrl = "https://pdp.example.com";

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        var mapping = settings.Issuance.ScopeMappingPath;
        File.WriteAllText(mapping, File.ReadAllText(mapping).Replace(
            "\"okta_group\":\"platform-engineers\"",
            "\"okta_group\":\"platform-engineers\",\"scopes\":[\"control:audit:read\",\"control:token:revoke\"]",
            StringComparison.Ordinal));
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(Secret));
        var oauth = new OAuthSettings
        {
            PublicUrl = PublicUrl,
            Clients = [new("host", hash, OAuthRights.Exchange), new("gateway", hash, OAuthRights.Introspect), new("desk:1", hash, OAuthRights.Revoke)],
        };
        return settings with { Doors = [new OAuthDoor(oauth)], Issuance = settings.Issuance with { AllowControlScopes = true } };
    }
}
