using System.Diagnostics;
using System.Text.Json;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Doors.Hook;

/// <summary>The command with a token that is bound to a key, which <c>clawpdp holder-key new</c> makes.</summary>
public sealed class HookHolderTests : IClassFixture<DoorSidecar>, IDisposable
{
    private const string Before = """{"hook_event_name":"PreToolUse","session_id":"s1","tool_name":"github","tool_input":{}}""";
    private const string After = """{"hook_event_name":"PostToolUse","session_id":"s1","tool_name":"github","tool_input":{},"tool_response":{}}""";

    private readonly DoorSidecar _sidecar;
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;

    public HookHolderTests(DoorSidecar sidecar) => _sidecar = sidecar;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Hook_ABoundToken_IsUsedByTheHolderOfItsKeyAlone()
    {
        var (own, another) = (PathOf("own"), PathOf("another"));
        var thumbprint = await MakeAsync(own);
        await MakeAsync(another);
        await File.WriteAllTextAsync(PathOf("cst"), await IssueAsync(thumbprint), TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), await RunAsync(Before, own));
        Assert.Equal((0, ""), await RunAsync(After, own));
        Assert.Contains("TOKEN_PROOF_REQUIRED", (await RunAsync(Before, key: null)).Error, StringComparison.Ordinal);
        Assert.Contains("TOKEN_PROOF_REQUIRED", (await RunAsync(After, key: null)).Error, StringComparison.Ordinal);
        var refused = await RunAsync(Before, another);
        Assert.Equal(2, refused.Code);
        Assert.Contains("TOKEN_PROOF_INVALID", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hook_AKeyFileThatIsOpenToOthers_IsDenied()
    {
        await MakeAsync(PathOf("own"));
        await File.WriteAllTextAsync(PathOf("cst"), _sidecar.Token, TestContext.Current.CancellationToken);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no mode there");
        File.SetUnixFileMode(PathOf("own"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var (code, error) = await RunAsync(Before, PathOf("own"));

        Assert.Equal(2, code);
        Assert.Contains("chmod 600", error, StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(string path)
    {
        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "holder-key", "new", "--out", path, "--json");
        Assert.Equal(0, code);
        return JsonDocument.Parse(output).RootElement.GetProperty("jwk_thumbprint").GetString() ?? "";
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private async Task<string> IssueAsync(string thumbprint)
    {
        using var channel = GrpcChannel.ForAddress("http://" + _sidecar.Grpc);
        var request = new IssueCstRequest { ParentCst = _sidecar.Token, AgentDid = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", Audiences = { "clawpdp" }, Holder = new TokenHolder { JwkThumbprint = thumbprint } };
        var answer = await new TokenService.TokenServiceClient(channel).IssueCstAsync(request);
        return answer.Issued?.Cst ?? throw new InvalidOperationException(answer.Refusal?.ToString());
    }

    private async Task<(int Code, string Error)> RunAsync(string input, string? key)
    {
        string[] arguments = ["hook", "--token-file", PathOf("cst"), "--server", _sidecar.Grpc, "--time-limit-ms", "20000"];
        var start = new ProcessStartInfo(PublishedSidecar.Binary, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["CLAWPDP_HOLDER_KEY_FILE"] = key;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        _ = await output;
        return (process.ExitCode, await error);
    }
}
