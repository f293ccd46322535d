using System.Text.Json.Nodes;
using ClawPdp.Identity;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Tests.Doors.OAuth;
using ClawPdp.Server.Tests.Time;
using ClawPdp.Server.Time;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>A sidecar whose one identity provider can fall silent, and whose clock the test moves.</summary>
internal sealed class OutageSidecar : RunningSidecar, IAsyncDisposable
{
    private readonly SteadyTime _steady;

    public OutageSidecar(bool isDown)
    {
        _steady = new SteadyTime(System);
        Issuer.IsDown = isDown;
    }

    internal SteppedClock System { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    internal AssertionIssuer Issuer { get; } = new();

    private protected override TimeProvider Clock => _steady;

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>Asks for a token for a user who signs in now.</summary>
    internal async Task<IssueCstResponse> IssueAsync()
    {
        var now = _steady.GetUtcNow().ToUnixTimeSeconds();
        var idToken = Issuer.Sign(
            claims =>
            {
                claims["aud"] = "agent";
                (claims["iat"], claims["exp"]) = (JsonValue.Create(now), JsonValue.Create(now + 300));
            },
            "JWT");
        return await Client.Tokens.IssueCstAsync(new IssueCstRequest { IdToken = idToken, AgentDid = Client.AgentDid, Audiences = { "clawpdp" } });
    }

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        Issuer.Start();
        return settings with { Issuers = [IssuerSettings.Create(new IssuerDocument { Issuer = Issuer.Url, ClientIds = ["agent"] }).Value] };
    }
}
