using System.Text.Json;
using ClawPdp.Documentation;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Keys;

/// <summary>What docs/keys.md shows, run as it stands there against the published binary.</summary>
public sealed class KeysPageTests : IAsyncLifetime
{
    private readonly SidecarHome _home = new();

    private string Secrets => Path.Combine(_home.Folder, "secrets");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Page_EncryptAndBack_TheSidecarStartsWithThePassphraseAlone()
    {
        string token;
        await using (var sidecar = await _home.StartAsync())
        {
            token = await sidecar.IssueAsync();
            Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-keys", "n1"));
        }

        await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "agent", "create", "--data", _home.Data);
        var list = await RunAsync(DocumentedBlock.Read("docs/keys.md sh 1"));
        Assert.Contains("encrypted: 5 key files", list, StringComparison.Ordinal);
        Assert.Equal(4, list.Split('\n').Count(static line => line.Contains("\"encrypted\":true", StringComparison.Ordinal)));
        Assert.All(Directory.GetFiles(_home.Data, "*.json", SearchOption.AllDirectories), static file => Assert.DoesNotContain("seed_b64u", File.ReadAllText(file), StringComparison.Ordinal));

        await RefusesAsync("no passphrase is given");
        await File.WriteAllTextAsync(Path.Combine(Secrets, "wrong"), "not the passphrase", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(Secrets, "wrong"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Use("secrets/wrong");
        await RefusesAsync("cannot be opened with the passphrase");

        Use("secrets/passphrase");
        await using (var sidecar = await _home.StartAsync())
        {
            Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
            Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(await sidecar.IssueAsync(), "run-keys-2", "n1"));
            Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Combine(Secrets, "passphrase"), TestContext.Current.CancellationToken), sidecar.Process.Output, StringComparison.Ordinal);
        }

        await RunAsync(DocumentedBlock.Read("docs/keys.md sh 2"));
        await RefusesAsync("is not encrypted");
        _home.Configure(isDurable: false);
        await using var last = await _home.StartAsync();
        Assert.Equal(ReasonCode.Allowed, (await last.AskAsync(token)).ReasonCode);
    }

    [Fact]
    public async Task Page_RotateAndDrill_NewKeysAreTakenUpAndAStolenOneIsOver()
    {
        await using var sidecar = await _home.StartAsync();
        var token = await sidecar.IssueAsync();
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-keys", "n1"));
        var kid = JsonDocument.Parse(Convert.FromBase64String(Padded(token.Split('.')[0]))).RootElement.GetProperty("kid").GetString() ?? "";

        var rotated = await RunAsync(DocumentedBlock.Read("docs/keys.md sh 3"));
        Assert.Single(rotated.Split('\n'), line => line.StartsWith("token ", StringComparison.Ordinal) && line.Contains(kid + " active", StringComparison.Ordinal));
        Assert.Contains(" next ", rotated, StringComparison.Ordinal);
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-keys", "n2"));

        var drill = await RunAsync(DocumentedBlock.Read("docs/keys.md sh 4"), ("KID", kid), ("SERVER", sidecar.Address));
        ReasonCode[] over = [ReasonCode.TokenRevoked, ReasonCode.TokenKidExpired];
        Assert.Contains((await sidecar.AskAsync(token)).ReasonCode, over);
        Assert.Contains(kid + " expired", drill, StringComparison.Ordinal);
        Assert.Contains("0 tokens that were taken for good", drill, StringComparison.Ordinal);
        await LiveSidecar.UntilAsync(async () => (await sidecar.TryIssueAsync()).Issued is not null, "a token of the new key");
        var next = await sidecar.IssueAsync();
        Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(next)).ReasonCode);
        var (check, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "ledger", "check", _home.Data);
        Assert.True(check == 0, output);
        Assert.Contains("keys reloaded", sidecar.Process.Output, StringComparison.Ordinal);
    }

    private static string Padded(string part) => part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=');

    private async Task<string> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", "clawpdp() { \"$CLAWPDP\" \"$@\"; }\n" + script], "\0", [
            new("CLAWPDP", PublishedSidecar.Binary),
            new("DATA", _home.Data),
            new("SECRETS", Secrets),
            .. environment.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)),
        ]);
        var code = await process.EndOrKillAsync(TimeSpan.FromSeconds(60));
        Assert.True(code == 0, process.Output);
        return process.Output;
    }

    private async Task RefusesAsync(string message)
    {
        var (code, output) = await _home.StartInVainAsync();
        Assert.Equal(78, code);
        Assert.Contains(message, Assert.Single(output.Split('\n'), static line => line.StartsWith("clawpdp:", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private void Use(string passphrase)
    {
        _home.Configure(isDurable: false);
        var text = File.ReadAllText(_home.ConfigPath);
        File.WriteAllText(_home.ConfigPath, text.Replace("\"decision_log\"", $"\"keys\": {{ \"passphrase_file\": \"{passphrase}\" }}, \"decision_log\"", StringComparison.Ordinal));
    }
}
