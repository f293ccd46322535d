using System.Text;
using ClawPdp.Crypto.Verification;
using ClawPdp.Files;
using ClawPdp.V1;

namespace ClawPdp.Server.Demo;

/// <summary>The steps of the demo, each with what is expected of it.</summary>
internal sealed class DemoStory
{
    private const string Model = "claude-sonnet-4-20250514";
    private const string EventHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly DemoClient _client;
    private readonly DemoInstallation _installation;
    private readonly DemoReport _report;
    private readonly TimeProvider _time;

    public DemoStory(DemoClient client, DemoInstallation installation, DemoReport report, TimeProvider time)
    {
        _client = client;
        _installation = installation;
        _report = report;
        _time = time;
    }

    /// <summary>Who signed the receipts of the story, for a verifier to trust.</summary>
    public string ReceiptSigner { get; private set; } = "";

    /// <summary>Tells the story.</summary>
    public async Task TellAsync()
    {
        var alice = await _client.SignInAsync("alice");
        var token = await IssueAsync(alice);
        await DecideAsync(token);
        await OtherUsersAsync();
        await LoseTokensAsync(alice, token);
        await ReceiptsAsync(token);
        Save("alice.cst", Encoding.ASCII.GetBytes(token));
        await new DemoAudit(_client, _installation, _report, _time).TellAsync(token);
    }

    private async Task<string> IssueAsync(string idToken)
    {
        _report.Chapter("Alice, a platform engineer, signs in; her agent gets a token");
        _report.Expect("alice signs in at the identity provider", "ID token", idToken.Length > 0 ? "ID token" : "nothing");
        var response = await _client.IssueAsync(idToken);
        _report.Expect("her agent asks for a token", DemoWords.Issued, DemoWords.Of(response));
        var issued = response.Issued ?? new IssuedCst();
        _report.Expect("the token holds her group's tools", "argo-cd github terraform", string.Join(' ', issued.Tools));
        _report.Expect("the token is pinned to the signed policy", _installation.PolicyHash, issued.PolicyHashB64U);
        _report.Tell("scope hash", issued.TokenScopeHashB64U);
        Save("issuance-record.json", issued.IssuanceRecordJson.Span);
        return issued.Cst;
    }

    private async Task DecideAsync(string token)
    {
        _report.Chapter("Before every action the agent asks");
        _report.Expect("tool github, a granted model and host", DemoWords.Allowed, await _client.AskAsync(token, "github", Model, "api.github.com", _installation.PolicyHash));
        _report.Expect("a name below *.atlassian.net", DemoWords.Allowed, await _client.AskAsync(token, host: "acme.atlassian.net"));
        _report.Expect("tool splunk", "TOOL_NOT_ALLOWED", await _client.AskAsync(token, "splunk"));
        _report.Expect("model gpt-5", "MODEL_NOT_ALLOWED", await _client.AskAsync(token, model: "gpt-5"));
        _report.Expect("host evil.example", "EGRESS_NOT_ALLOWED", await _client.AskAsync(token, host: "evil.example"));
        _report.Expect("host atlassian.net itself", "EGRESS_NOT_ALLOWED", await _client.AskAsync(token, host: "atlassian.net"));
        _report.Expect("host 0x7f.1, an address in disguise", "HOST_INVALID", await _client.AskAsync(token, host: "0x7f.1"));
        _report.Expect("a provider that the policy does not list", "POLICY_PROVIDER_NOT_ALLOWED", await _client.AskAsync(token, model: Model, provider: "google"));
        _report.Expect("another policy's hash", "POLICY_HASH_MISMATCH", await _client.AskAsync(token, "github", policyHash: EventHash));
        _report.Expect("no token at all", "TOKEN_REQUIRED", await _client.AskAsync("", "github"));
    }

    private async Task OtherUsersAsync()
    {
        _report.Chapter("Bob, Carol and Dave");
        var bob = (await _client.IssueAsync(await _client.SignInAsync("bob"))).Issued?.Cst ?? "";
        _report.Expect("bob, a security analyst: tool splunk", DemoWords.Allowed, await _client.AskAsync(bob, "splunk"));
        _report.Expect("bob: tool github", "TOOL_NOT_ALLOWED", await _client.AskAsync(bob, "github"));
        var carol = (await _client.IssueAsync(await _client.SignInAsync("carol"), lifetimeSeconds: 3600)).Issued ?? new IssuedCst();
        _report.Expect("carol is in both groups: tool github", DemoWords.Allowed, await _client.AskAsync(carol.Cst, "github"));
        _report.Expect("carol: tool crowdstrike/contain", DemoWords.Allowed, await _client.AskAsync(carol.Cst, "crowdstrike/contain"));
        _report.Expect("carol's token lives as long as the stricter group allows", "1800 s", $"{(carol.ExpiresAt?.Seconds ?? 0) - (carol.IssuedAt?.Seconds ?? 0)} s");
        _report.Expect("dave is in no group", "GROUP_NOT_MAPPED", DemoWords.Of(await _client.IssueAsync(await _client.SignInAsync("dave"))));
    }

    private async Task LoseTokensAsync(string idToken, string token)
    {
        _report.Chapter("Tokens that are narrowed, altered, revoked or expired");
        var tooMuch = new Narrowing { Tools = new ScopeList() };
        tooMuch.Tools.Items.Add("splunk");
        _report.Expect("alice asks for more than her grant", "SCOPE_NOT_ALLOWED", DemoWords.Of(await _client.IssueAsync(idToken, tooMuch)));
        var less = new Narrowing { Tools = new ScopeList() };
        less.Tools.Items.Add("github");
        var narrow = (await _client.IssueAsync(idToken, less)).Issued?.Cst ?? "";
        _report.Expect("a token narrowed to github: tool terraform", "TOOL_NOT_ALLOWED", await _client.AskAsync(narrow, "terraform"));
        _report.Expect("a token with one character changed", "TOKEN_SIGNATURE_INVALID", await _client.AskAsync(Alter(token), "github"));
        var revoked = await _client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = narrow, Reason = "demo" });
        _report.Expect("the narrowed token is revoked", "Revoked", revoked.Revocation?.Status.ToString() ?? "nothing");
        _report.Expect("the very next question with it", "TOKEN_REVOKED", await _client.AskAsync(narrow, "github"));
        var brief = (await _client.IssueAsync(idToken, lifetimeSeconds: 1)).Issued?.Cst ?? "";
        _report.Expect("a token that lived one second", "TOKEN_EXPIRED", await AskUntilExpiredAsync(brief));
    }

    private async Task ReceiptsAsync(string token)
    {
        _report.Chapter("After the action: signed receipts, verified offline");
        var modelCall = Request(token, "nonce-1");
        modelCall.ModelCall = new ModelCall { Provider = "anthropic", Model = Model, RequestHashB64U = EventHash, ResponseHashB64U = EventHash, TokensInput = 10, TokensOutput = 20, LatencyMs = 123 };
        var first = await _client.Receipts.SignReceiptAsync(modelCall);
        _report.Expect("a receipt for the model call", DemoWords.Signed, DemoWords.Of(first));
        var again = await _client.Receipts.SignReceiptAsync(modelCall);
        _report.Expect("the same request again", "the same bytes", again.Replayed && Same(first, again) ? "the same bytes" : "other bytes");
        var reused = modelCall.Clone();
        reused.ModelCall.TokensOutput = 21;
        _report.Expect("the same nonce with other content", "IDEMPOTENCY_KEY_REUSED", DemoWords.Of(await _client.Receipts.SignReceiptAsync(reused)));
        var second = await _client.Receipts.SignReceiptAsync(ToolCall(token, "nonce-2", "github"));
        _report.Expect("a receipt for the tool call", DemoWords.Signed, DemoWords.Of(second));
        _report.Expect("a receipt for a tool that was not allowed", "TOOL_NOT_ALLOWED", DemoWords.Of(await _client.Receipts.SignReceiptAsync(ToolCall(token, "nonce-3", "splunk"))));
        Verify("model-call-receipt.json", first);
        Verify("tool-call-receipt.json", second);
        _report.Expect("a receipt with one number changed", "HASH_MISMATCH", Judge(Changed(first), first.Receipt?.SignerDid));
    }

    private void Verify(string file, SignReceiptResponse response)
    {
        var receipt = response.Receipt ?? new SignedReceipt();
        ReceiptSigner = receipt.SignerDid;
        Save(file, receipt.EnvelopeJson.Span);
        _report.Expect($"{file} verifies offline", "VALID", Judge(receipt.EnvelopeJson.ToByteArray(), receipt.SignerDid));
    }

    private string Judge(byte[] envelope, string? signer) => EnvelopeVerifier.Verify(envelope, signer is null ? [] : [signer], _time.GetUtcNow()).Code;

    private static byte[] Changed(SignReceiptResponse response) =>
        Encoding.UTF8.GetBytes((response.Receipt?.EnvelopeJson.ToStringUtf8() ?? "").Replace("\"latency_ms\":123", "\"latency_ms\":124", StringComparison.Ordinal));

    private static bool Same(SignReceiptResponse left, SignReceiptResponse right) =>
        left.Receipt is { } first && right.Receipt is { } second && first.EnvelopeJson.Span.SequenceEqual(second.EnvelopeJson.Span);

    // Changes a character of the payload. Where there was no token to change, the story goes on and shows that nothing held.
    private static string Alter(string token)
    {
        var at = token.IndexOf('.', StringComparison.Ordinal) + 2;
        return at >= token.Length ? token : token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
    }

    private static SignReceiptRequest Request(string token, string nonce) => new() { Cst = token, RunId = "run-demo", Nonce = nonce };

    private static SignReceiptRequest ToolCall(string token, string nonce, string tool)
    {
        var request = Request(token, nonce);
        request.ToolCall = new ToolCall { ToolName = tool, ArgsHashB64U = EventHash, ResultHashB64U = EventHash, ResultStatus = ResultStatus.Success, LatencyMs = 42 };
        return request;
    }

    private async Task<string> AskUntilExpiredAsync(string token)
    {
        var deadline = _time.GetTimestamp();
        var answer = await _client.AskAsync(token, "github");
        while (answer is DemoWords.Allowed && _time.GetElapsedTime(deadline) < TimeSpan.FromSeconds(5))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time);
            answer = await _client.AskAsync(token, "github");
        }

        return answer;
    }

    private void Save(string file, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_installation.Directory, file);
        DurableFile.Write(path, content);
        _report.Tell("written", path);
    }
}
