using System.Diagnostics;
using System.Text;
using ClawPdp.Protocols.Envoy;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A column: who asks, and how.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="AskAsync">Asks; gives <see cref="Allowed"/> where the action would go on, and otherwise what the caller gets to know.</param>
internal sealed record MatrixDoor(string Name, Func<MatrixScene, Task<string>> AskAsync)
{
    /// <summary>What an allow is called.</summary>
    public const string Allowed = "ALLOWED";

    private const string Tool = "github";
    private const string Host = "api.github.com";

    // How long the callers wait that have no limit of their own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Gets the columns.</summary>
    public static IReadOnlyList<MatrixDoor> All { get; } =
    [
        new("gRPC", AuthorizeAsync),
        new("gRPC batch", BatchAsync),
        new("AuthZEN", AuthZenAsync),
        new("forward-auth", ForwardAuthAsync),
        new("Envoy", EnvoyAsync),
        new("agentgateway", ExtMcpAsync),
        new("hook and client for C#", HookAsync),
        new("client for Python", PythonAsync),
    ];

    private static DateTime Deadline => DateTime.UtcNow + Patience;

    private static async Task<string> AuthorizeAsync(MatrixScene scene)
    {
        using var channel = GrpcChannel.ForAddress("http://" + scene.Grpc);
        return await CallAsync(async () => Of(await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Cst = scene.Token, Tool = Tool }, deadline: Deadline)));
    }

    private static async Task<string> BatchAsync(MatrixScene scene)
    {
        using var channel = GrpcChannel.ForAddress("http://" + scene.Grpc);
        var request = new AuthorizeBatchRequest { Requests = { new AuthorizeRequest { Cst = scene.Token, Tool = Tool } } };
        return await CallAsync(async () => Of((await new DecisionService.DecisionServiceClient(channel).AuthorizeBatchAsync(request, deadline: Deadline)).Responses[0]));
    }

    private static async Task<string> EnvoyAsync(MatrixScene scene)
    {
        using var channel = GrpcChannel.ForAddress("http://" + scene.Grpc);
        var http = new AttributeContext.Types.HttpRequest { Method = "GET", Path = "/", Host = Host, Headers = { ["x-cst"] = scene.Token, ["x-claw-tool"] = Tool } };
        var request = new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };
        return await CallAsync(async () =>
        {
            var answer = await new Authorization.AuthorizationClient(channel).CheckAsync(request, deadline: Deadline);
            return answer.Status?.Code == 0 ? Allowed : answer.DeniedResponse?.Headers.FirstOrDefault(static option => option.Header.Key == "x-claw-reason")?.Header.Value ?? "denied";
        });
    }

    private static async Task<string> ExtMcpAsync(MatrixScene scene)
    {
        using var channel = GrpcChannel.ForAddress("http://" + scene.Grpc);
        var request = new McpRequest { Method = "tools/call", McpRequest_ = ByteString.CopyFromUtf8("""{"name":"read","arguments":{}}"""), ServiceNames = { "files" } };
        request.Headers.Add(new McpHeader { Key = "authorization", Value = ByteString.CopyFromUtf8("Bearer " + scene.Token) });
        return await CallAsync(async () =>
        {
            var answer = await new ExtMcp.ExtMcpClient(channel).CheckRequestAsync(request, deadline: Deadline);
            return answer.ResultCase == McpRequestResult.ResultOneofCase.Pass ? Allowed : answer.Error?.Reason.Split(':')[0] ?? "denied";
        });
    }

    private static async Task<string> AuthZenAsync(MatrixScene scene)
    {
        using var client = new HttpClient { Timeout = Patience };
        client.DefaultRequestHeaders.TryAddWithoutValidation("authorization", "Bearer " + scene.Token);
        using var content = new StringContent($$$"""{"subject":{"type":"agent","id":"{{{PublishedSidecar.AgentDid}}}"},"resource":{"type":"tool","id":"{{{Tool}}}"},"action":{"name":"call"}}""", Encoding.UTF8, "application/json");
        return await RequestAsync(() => client.PostAsync(new Uri($"http://{scene.Http}/access/v1/evaluation"), content), static text => text.Contains("\"decision\":true", StringComparison.Ordinal));
    }

    private static async Task<string> ForwardAuthAsync(MatrixScene scene)
    {
        using var client = new HttpClient { Timeout = Patience };
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-cst", scene.Token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-claw-tool", Tool);
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-forwarded-host", Host);
        return await RequestAsync(() => client.GetAsync(new Uri($"http://{scene.Http}/v1/forward-auth")), static _ => true);
    }

    private static async Task<string> HookAsync(MatrixScene scene)
    {
        var (code, output) = await RunAsync(
            PublishedSidecar.Binary,
            ["hook", "--token-file", await scene.TokenFileAsync(), "--server", scene.Grpc],
            $$$"""{"hook_event_name":"PreToolUse","session_id":"s1","tool_name":"{{{Tool}}}","tool_input":{}}""",
            []);
        return code == 0 ? Allowed : ReasonIn(output);
    }

    private static async Task<string> PythonAsync(MatrixScene scene)
    {
        if (Environment.GetEnvironmentVariable("SUITE_PYTHON") is not { } python || !File.Exists(python))
        {
            return "not asked";
        }

        const string Script = "import sys; from clawpdp import Action, Client; d = Client(sys.argv[1], token=open(sys.argv[2]).read()).authorize(Action(tool=sys.argv[3])); print('ALLOWED' if d.allowed else d.reason)";
        var (code, output) = await RunAsync(
            python,
            ["-c", Script, scene.Grpc, await scene.TokenFileAsync(), Tool],
            "",
            [new("PYTHONPATH", Path.Combine(MatrixPage.Root, "clients", "python", "src")), new("PYTHONDONTWRITEBYTECODE", "1")]);
        Assert.True(code == 0, output);
        return output.Trim();
    }

    private static string Of(AuthorizeResponse answer) =>
        answer.Effect == Effect.Allow ? Allowed : ReasonName(answer.ReasonCode);

    private static string ReasonName(ReasonCode code) =>
        string.Concat(code.ToString().Select(static (letter, place) => char.IsUpper(letter) && place > 0 ? "_" + letter : char.ToUpperInvariant(letter).ToString()));

    private static async Task<string> CallAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException failure)
        {
            return failure.StatusCode.ToString();
        }
    }

    private static async Task<string> RequestAsync(Func<Task<HttpResponseMessage>> request, Func<string, bool> allows)
    {
        try
        {
            using var response = await request();
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode && allows(text) ? Allowed : ReasonIn(text);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return failure is HttpRequestException { HttpRequestError: { } error } ? error.ToString() : "no answer in time";
        }
    }

    // The first word in capitals with an underscore is a reason code.
    private static string ReasonIn(string text) =>
        text.Split([' ', '"', ':', ',', '\n', '`', '(', ')', '[', ']', '{', '}', '.'], StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(static word => word.Contains('_', StringComparison.Ordinal) && word.All(static letter => char.IsAsciiLetterUpper(letter) || letter == '_')) ?? "denied";

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, string input, KeyValuePair<string, string>[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Remove("CLAWPDP_TOKEN_FILE");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return (process.ExitCode, await output + await error);
    }
}
