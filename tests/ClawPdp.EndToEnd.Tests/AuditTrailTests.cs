using System.Text.Json;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>A run with the published binary, then everything that an auditor does with the files and the public keys alone.</summary>
public sealed class AuditTrailTests : IAsyncLifetime
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string RunId = "run-e2e";

    private readonly string _out = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
    private RealProvider? _provider;
    private PublishedSidecar? _sidecar;
    private string[] _trust = [];

    private PublishedSidecar Sidecar => _sidecar ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        _sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(_provider.Issuer));
        _trust = await _sidecar.TrustAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        Directory.Delete(_out, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Export_OfAnAgentWhoseKeyIsHeld_HoldsOfflineAndNotWithAnotherGroup()
    {
        var (_, created) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "agent", "create", "--data", Sidecar.Data);
        await ActAsync(created.Trim().Split(' ')[^1]);

        var (exported, listing) = await RunAsync("audit", "export", "--run", RunId, "--out", _out, "--server", Sidecar.Address, "--receipts");
        var evidence = PathOf("evidence.json");
        var (verified, json) = await RunAsync(["audit", "verify", evidence, "--json", "--html", PathOf("report.html"), .. _trust]);
        var (withLog, logJson) = await RunAsync(["audit", "verify", evidence, "--log", Path.Combine(Sidecar.Data, "log"), "--json", .. _trust]);
        var (foreign, foreignText) = await RunAsync("audit", "verify", evidence, "--trust", PublishedSidecar.AgentDid);
        await File.WriteAllTextAsync(PathOf("forged.json"), (await File.ReadAllTextAsync(evidence)).Replace("platform-engineers", "platform-engineerz", StringComparison.Ordinal));
        var (forged, forgedText) = await RunAsync(["audit", "verify", PathOf("forged.json"), .. _trust]);
        var (bundle, _) = await RunAsync(["artifact", "verify", PathOf("export-1.json"), .. _trust]);

        Assert.Equal((0, 0, 0, 1, 1, 0), (exported, verified, withLog, foreign, forged, bundle));
        Assert.Contains("\"id\":\"whole_log\"", logJson, StringComparison.Ordinal);
        Assert.Equal(2 + 2 * 2, listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(JsonDocument.Parse(json).RootElement.GetProperty("answers").EnumerateArray(), static answer => Assert.Equal("holds", answer.GetProperty("status").GetString()));
        Assert.Contains("FORM", forgedText.ToUpperInvariant(), StringComparison.Ordinal);
        Assert.StartsWith("FAIL", foreignText, StringComparison.Ordinal);
        Assert.DoesNotContain("://", (await File.ReadAllTextAsync(PathOf("report.html"))).Replace(_provider?.Issuer ?? "", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_WithItsLogProof_IsProvedAlone()
    {
        var (_, created) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "agent", "create", "--data", Sidecar.Data);
        var receipts = await ActAsync(created.Trim().Split(' ')[^1]);
        await RunAsync("audit", "export", "--run", RunId, "--out", _out, "--server", Sidecar.Address, "--receipts");

        var (own, _) = await RunAsync(["receipt", "verify", PathOf(receipts[0] + ".json"), "--proof", PathOf(receipts[0] + ".tlog-proof"), .. _trust]);
        var (others, text) = await RunAsync(["receipt", "verify", PathOf(receipts[0] + ".json"), "--proof", PathOf(receipts[1] + ".tlog-proof"), .. _trust]);

        Assert.Equal((0, 1), (own, others));
        Assert.Contains("INCLUSION_PROOF_INVALID", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfAnAgentThatKeepsItsKey_GivesThePayloadToSign()
    {
        await ActAsync(PublishedSidecar.AgentDid);

        var (code, text) = await RunAsync("audit", "export", "--run", RunId, "--out", _out, "--server", Sidecar.Address);

        Assert.Equal(1, code);
        Assert.Contains("--signed", text, StringComparison.Ordinal);
        Assert.Equal(PublishedSidecar.AgentDid, JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("bundle-1.payload.json"))).RootElement.GetProperty("agent_did").GetString());
        Assert.False(File.Exists(PathOf("evidence.json")));
    }

    [Fact]
    public async Task Log_AfterACrash_GoesOnFromWhatWasSeenAndASetBackOrChangedOneIsFound()
    {
        await ActAsync(PublishedSidecar.AgentDid);
        var log = Path.Combine(Sidecar.Data, "log");
        var seen = await CheckpointAsync(log, atLeast: 5);
        await File.WriteAllTextAsync(PathOf("seen"), seen);
        Copy(log, PathOf("early"));
        _sidecar = await Sidecar.CrashAndRestartAsync();
        var token = (await Sidecar.IssueAsync(await (_provider?.MintAsync("{}") ?? Task.FromResult("")))).Issued.Cst;
        await Sidecar.AskAsync(token, "github");
        await File.WriteAllTextAsync(PathOf("later"), await CheckpointAsync(log, SizeOf(seen) + 2));
        Copy(log, PathOf("copy"));

        var (holds, text) = await RunAsync(["log", "check", PathOf("copy"), "--against", PathOf("seen"), .. _trust]);
        var (setBack, _) = await RunAsync(["log", "check", PathOf("early"), "--against", PathOf("later"), .. _trust]);
        var entries = Directory.EnumerateFiles(Path.Combine(PathOf("copy"), "tile", "entries"), "*", SearchOption.AllDirectories).MaxBy(static file => new FileInfo(file).Length) ?? "";
        var bytes = await File.ReadAllBytesAsync(entries);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(entries, bytes);
        var (changed, _) = await RunAsync(["log", "check", PathOf("copy"), .. _trust]);

        Assert.True(holds == 0, text);
        Assert.Equal((1, 1), (setBack, changed));
    }

    private static long SizeOf(string checkpoint) => long.Parse(checkpoint.Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> CheckpointAsync(string log, long atLeast)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var text = File.Exists(Path.Combine(log, "checkpoint")) ? await File.ReadAllTextAsync(Path.Combine(log, "checkpoint")) : "";
            if (text.Length > 0 && SizeOf(text) >= atLeast)
            {
                return text;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException("the log did not grow");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? to);
            File.Copy(file, target);
        }
    }

    private static Task<(int Code, string Output)> RunAsync(params string[] arguments) => ChildProcess.RunAsync(PublishedSidecar.Binary, arguments);

    private string PathOf(string name) => Path.Combine(_out, name);

    private async Task<List<string>> ActAsync(string agentDid)
    {
        var token = (await Sidecar.IssueAsync(await (_provider?.SignInAsync("alice") ?? Task.FromResult("")), agentDid)).Issued.Cst;
        await Sidecar.Runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = RunId });
        var receipts = new List<string>();
        foreach (var (question, receipt) in Actions())
        {
            (question.Cst, question.RunId) = (token, RunId);
            var decision = await Sidecar.Decisions.AuthorizeAsync(question);
            (receipt.Cst, receipt.RunId, receipt.Nonce, receipt.DecisionId) = (token, RunId, decision.DecisionId, decision.DecisionId);
            receipts.Add((await Sidecar.Receipts.SignReceiptAsync(receipt)).Receipt.ReceiptId);
        }

        await Sidecar.Runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = RunId });
        return receipts;
    }

    private static IEnumerable<(AuthorizeRequest Question, SignReceiptRequest Receipt)> Actions() =>
    [
        (new AuthorizeRequest { Model = "gpt-4o", Provider = "openai" }, new SignReceiptRequest { ModelCall = new ModelCall { Provider = "openai", Model = "gpt-4o", RequestHashB64U = Hash, ResponseHashB64U = Hash } }),
        (new AuthorizeRequest { Tool = "github" }, new SignReceiptRequest { ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash } }),
    ];
}
