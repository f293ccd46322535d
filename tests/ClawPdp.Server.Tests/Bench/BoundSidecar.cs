using ClawPdp.Client;
using ClawPdp.Server.Settings;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Bench;

/// <summary>A sidecar that gives no token but to a holder, on loopback and on a Unix socket.</summary>
public sealed class BoundSidecar : RunningSidecar
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-bench-").FullName;

    internal string SocketPath => Path.Combine(_directory, "clawpdp.sock");

    /// <summary>Gives a token that is bound to a key.</summary>
    internal async Task<string> BoundTokenAsync(HolderKey key)
    {
        var request = new IssueCstRequest { IdToken = await Client.SignInAsync("alice"), AgentDid = Client.AgentDid, Holder = new TokenHolder { JwkThumbprint = key.Thumbprint } };
        request.Audiences.Add(Demo.DemoInstallation.Audience);
        var response = await Client.Tokens.IssueCstAsync(request);
        return response.Issued?.Cst ?? throw new InvalidOperationException(response.Refusal?.ToString());
    }

    private protected override ServerSettings Adjust(ServerSettings settings) => settings with
    {
        Listen = settings.Listen with { UnixSocketPath = SocketPath },
        Issuance = settings.Issuance with { Holder = HolderMode.Required },
    };
}
