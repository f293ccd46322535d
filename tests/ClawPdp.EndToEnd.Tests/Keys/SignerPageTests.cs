using ClawPdp.Documentation;
using ClawPdp.V1;
using Grpc.Health.V1;

namespace ClawPdp.EndToEnd.Tests.Keys;

/// <summary>The key of tokens in SoftHSM, by the commands of docs/keys.md: tokens are issued with it, and none while the signer is away.</summary>
public sealed class SignerPageTests : IAsyncLifetime
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";

    private readonly SidecarHome _home = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Module) && File.Exists("/usr/bin/pkcs11-tool"), "softhsm2 and opensc are not installed; ./test.sh installs them");
        Directory.CreateDirectory(Path.Combine(_home.Folder, "tokens"));
        await File.WriteAllTextAsync(ConfigPath, $"directories.tokendir = {Path.Combine(_home.Folder, "tokens")}\nobjectstore.backend = file\n", TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    private string ConfigPath => Path.Combine(_home.Folder, "softhsm2.conf");

    [Fact]
    public async Task Page_KeyInAModule_SignsTokensAndItsAbsenceIsARefusal()
    {
        await using var sidecar = await _home.StartAsync();
        var early = await sidecar.IssueAsync();
        Assert.Contains("EC_EDWARDS", await RunAsync(DocumentedBlock.Read("docs/keys.md sh 7")), StringComparison.Ordinal);
        await using (var signer = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", Prelude(exec: true) + DocumentedBlock.Read("docs/keys.md sh 8")], "signing at", Environment()))
        {
            await signer.ReadyAsync();
            await RunAsync(DocumentedBlock.Read("docs/keys.md sh 9"));
            await LiveSidecar.UntilAsync(async () => KeyIdOf(await sidecar.IssueAsync()) != KeyIdOf(early), "a token that the module signed");
            var token = await sidecar.IssueAsync();
            Assert.Equal((ReasonCode.Allowed, ReasonCode.Allowed), ((await sidecar.AskAsync(token)).ReasonCode, (await sidecar.AskAsync(early)).ReasonCode));
            Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-signer", "n1"));
            await signer.KillAsync();

            Assert.Equal(ReasonCode.SignerUnavailable, (await sidecar.TryIssueAsync()).Refusal.ReasonCode);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await sidecar.HealthAsync("clawpdp.v1.TokenService"));
            var (code, doctor) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "doctor", "--config", _home.ConfigPath);
            Assert.Equal(1, code);
            Assert.Contains("signer: no token is issued", doctor, StringComparison.Ordinal);
            Assert.Contains("clawpdp signer ... --socket", doctor, StringComparison.Ordinal);
            Assert.Equal((ReasonCode.Allowed, ReasonCode.Allowed), ((await sidecar.AskAsync(token)).ReasonCode, (await sidecar.AskAsync(early)).ReasonCode));
            await LiveSidecar.UntilAsync(async () => await sidecar.HealthAsync("clawpdp.files") == HealthCheckResponse.Types.ServingStatus.NotServing, "health that says so");
        }

        await using var again = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", Prelude(exec: true) + DocumentedBlock.Read("docs/keys.md sh 8")], "signing at", Environment());
        await again.ReadyAsync();
        await LiveSidecar.UntilAsync(async () => (await sidecar.TryIssueAsync()).Issued is not null, "a token from the signer that came back");
        await LiveSidecar.UntilAsync(async () => await sidecar.HealthAsync("clawpdp.v1.TokenService") == HealthCheckResponse.Types.ServingStatus.Serving, "health of issuance that is back");

        // Another one at the same socket would be taken for it.
        await using var second = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", Prelude(exec: true) + DocumentedBlock.Read("docs/keys.md sh 8")], "signing at", Environment());
        Assert.Equal(78, await second.EndOrKillAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("another process listens on this socket", second.Output, StringComparison.Ordinal);
        Assert.NotNull((await sidecar.TryIssueAsync()).Issued);
    }

    private static string KeyIdOf(string token) => token.Split('.')[0];

    private static string Prelude(bool exec) => $"clawpdp() {{ {(exec ? "exec " : "")}\"$CLAWPDP\" \"$@\"; }}\n";

    private IEnumerable<KeyValuePair<string, string>> Environment() =>
    [
        new("CLAWPDP", PublishedSidecar.Binary),
        new("DATA", _home.Data),
        new("SECRETS", _home.Folder),
        new("SOFTHSM2_CONF", ConfigPath),
    ];

    private async Task<string> RunAsync(string script)
    {
        await using var process = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", Prelude(exec: false) + script], "\0", Environment());
        var code = await process.EndOrKillAsync(TimeSpan.FromSeconds(60));
        Assert.True(code == 0, process.Output);
        return process.Output;
    }
}
