using System.Text.Json;
using ClawPdp.Documentation;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Keys;

/// <summary>What docs/keys.md shows, run as it stands there against the published binary.</summary>
public sealed class KeysPageTests : IAsyncLifetime
{
    private readonly SidecarHome _home = new();

    private string Evidence => Path.Combine(_home.Folder, "evidence");

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
        var (wrong, said) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "config", "check", _home.ConfigPath);
        Assert.Equal(78, wrong);
        Assert.Contains("cannot be opened with the passphrase", Assert.Single(said.Split('\n'), static line => line.StartsWith("clawpdp:", StringComparison.Ordinal)), StringComparison.Ordinal);

        Use("secrets/passphrase");
        var (right, _) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "config", "check", _home.ConfigPath);
        Assert.Equal(0, right);
        await using (var sidecar = await _home.StartAsync())
        {
            Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
            Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(await sidecar.IssueAsync(), "run-keys-2", "n1"));

            // Encrypted keys are replaced as plain ones are: by command with the passphrase, and by the sidecar itself after a theft.
            await RunAsync(DocumentedBlock.Read("docs/keys.md sh 3"), ("CLAWPDP_KEYS_PASSPHRASE_FILE", Path.Combine(Secrets, "passphrase")));
            var stolen = (await KeysAsync())["receipt"].Kid;
            Assert.Equal(0, (await ChildProcess.RunAsync(PublishedSidecar.Binary, "revoke", "--kid", stolen, "--server", sidecar.Address)).Code);
            Assert.NotEqual(stolen, (await KeysAsync())["receipt"].Kid);
            Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(await sidecar.IssueAsync(), "run-keys-3", "n1"));
            Assert.All(Directory.GetFiles(_home.Data, "*.json", SearchOption.AllDirectories), static file => Assert.DoesNotContain("seed_b64u", File.ReadAllText(file), StringComparison.Ordinal));
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

    [Fact]
    public async Task Page_DrillOfReceipts_AnotherKeySignsAtOnceAndAuditorsAreTold()
    {
        await using var sidecar = await _home.StartAsync();
        var (_, created) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "agent", "create", "--data", _home.Data);
        var request = new IssueCstRequest { IdToken = _home.Mint(), AgentDid = created.Trim().Split(' ')[^1] };
        request.Audiences.Add("clawpdp");
        var token = (await sidecar.Tokens.IssueCstAsync(request)).Issued.Cst;
        var early = (await sidecar.SignAsync(token, "run-drill", "n1")).Receipt;
        var before = await KeysAsync();

        var drill = await RunAsync(DocumentedBlock.Read("docs/keys.md sh 5"), ("KID", before["receipt"].Kid), ("SERVER", sidecar.Address), ("RUN", "run-drill"), ("EVIDENCE", Evidence));

        var after = await KeysAsync();
        Assert.NotEqual(before["receipt"].Kid, after["receipt"].Kid);
        Assert.Contains("2 receipts and issuances, each recorded", drill, StringComparison.Ordinal);
        Assert.Contains(after["receipt"].Did, (await sidecar.SignAsync(token, "run-drill", "n2")).Receipt.EnvelopeJson.ToStringUtf8(), StringComparison.Ordinal);
        var (code, doubt) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "doubt", before["receipt"].Kid, "--data", _home.Data, "--json");
        Assert.Equal(0, code);
        (string, string)[] known =
        [
            ("KID", before["receipt"].Kid),
            ("RECEIPTS", before["receipt"].Did),
            ("NEXT_RECEIPTS", after["receipt"].Did),
            ("LOG", after["log"].Did),
            ("EVIDENCE", Evidence),
            ("RECEIPT", early.ReceiptId),
            ("REVOKED_AT", JsonDocument.Parse(doubt).RootElement.GetProperty("revoked_at").GetString() ?? ""),
        ];

        var verified = await RunAsync(DocumentedBlock.Read("docs/keys.md sh 6"), known);

        Assert.Contains("the run run-drill holds", verified, StringComparison.Ordinal);
        Assert.Contains("Signed with a key of receipts that was revoked later", verified, StringComparison.Ordinal);
        await RefusedAsync(DocumentedBlock.Read("docs/keys.md sh 6").Replace(" --proof \"$EVIDENCE/$RECEIPT.tlog-proof\"", "", StringComparison.Ordinal), "SIGNER_DISTRUSTED", known);
        await RefusedAsync(DocumentedBlock.Read("docs/keys.md sh 6").Replace("@$REVOKED_AT", "", StringComparison.Ordinal), "RECEIPT_KEY_DISTRUSTED", known);
    }

    [Fact]
    public async Task Page_Schedule_IsAConfigurationThatStarts()
    {
        var schedule = JsonDocument.Parse(DocumentedBlock.Read("docs/keys.md json 1")).RootElement.GetProperty("keys").GetRawText();
        var text = await File.ReadAllTextAsync(_home.ConfigPath, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_home.ConfigPath, text.Replace("\"decision_log\"", $"\"keys\": {schedule}, \"decision_log\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "config", "check", _home.ConfigPath);
        await using var sidecar = await _home.StartAsync();

        Assert.True(code == 0, output);
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(await sidecar.IssueAsync(), "run-schedule", "n1"));
    }

    private async Task<Dictionary<string, (string Kid, string Did)>> KeysAsync()
    {
        var (_, list) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "list", "--data", _home.Data, "--json");
        return list.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .Where(static key => key.GetProperty("state").GetString() == "active")
            .ToDictionary(static key => key.GetProperty("purpose").GetString() ?? "", static key => (key.GetProperty("kid").GetString() ?? "", key.GetProperty("did").GetString() ?? ""), StringComparer.Ordinal);
    }

    private async Task RefusedAsync(string script, string code, params (string Name, string Value)[] environment) =>
        Assert.Contains(code, (await RunToEndAsync(script, 1, environment)), StringComparison.Ordinal);

    private static string Padded(string part) => part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=');

    private Task<string> RunAsync(string script, params (string Name, string Value)[] environment) => RunToEndAsync(script, 0, environment);

    private async Task<string> RunToEndAsync(string script, int expected, (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Launch("bash", ["-euo", "pipefail", "-c", "clawpdp() { \"$CLAWPDP\" \"$@\"; }\n" + script], "\0", [
            new("CLAWPDP", PublishedSidecar.Binary),
            new("DATA", _home.Data),
            new("SECRETS", Secrets),
            .. environment.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)),
        ]);
        var code = await process.EndOrKillAsync(TimeSpan.FromSeconds(60));
        Assert.True(code == expected, process.Output);
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
