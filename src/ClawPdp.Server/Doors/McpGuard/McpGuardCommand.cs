using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO.Pipelines;
using System.Net;
using ClawPdp.Client;
using ClawPdp.Core.Grammar;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Doors.McpGuard.Http;
using ClawPdp.Server.Doors.McpGuard.Stdio;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary><c>clawpdp mcp-guard</c>: stands before a server of the Model Context Protocol, as that server to its client.</summary>
internal static class McpGuardCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "mcp-guard";

    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "the server's name in policies, before the names of its tools: NAME/TOOL", HelpName = "NAME", Required = true };
        var token = AgentOptions.TokenFile();
        var server = AgentOptions.Server();
        var key = AgentOptions.HolderKey();
        var run = new Option<string?>("--run") { Description = "the run that decisions and receipts belong to; default: a new one", HelpName = "ID" };
        var upstream = new Option<string?>("--upstream") { Description = "the server's address, for a server over HTTP: its /PATH is the guard's too", HelpName = "URL" };
        var listen = new Option<string?>("--listen") { Description = "where clients of a server over HTTP reach the guard: 127.0.0.1:PORT or [::1]:PORT", HelpName = "ADDRESS" };
        var command = new Argument<string[]>("command") { Description = "the server's program and its arguments, after `--`, for a server over standard streams", Arity = ArgumentArity.ZeroOrMore };
        name.Validators.Add(result =>
        {
            if (!ToolName.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--name: printable, without spaces and stars, is expected");
            }
        });
        var guard = new Command(Name, "Run an MCP server behind the sidecar: only what the CST allows is listed and called, and each call gets a receipt")
        {
            name,
            token,
            key,
            server,
            run,
            listen,
            upstream,
            command,
        };
        guard.Validators.Add(result => CheckTransport(result, result.GetValue(listen), result.GetValue(upstream), result.GetValue(command) ?? []));
        guard.SetAction(async (parsed, cancellation) =>
        {
            using var held = AgentOptions.OpenHolderKey(parsed, key);
            return await RunAsync(
                new McpGuardSetting(parsed.GetValue(name) ?? "", AgentOptions.TokenPathOf(parsed, token), held, parsed.GetValue(server), parsed.GetValue(run)),
                (parsed.GetValue(listen), parsed.GetValue(upstream)),
                parsed.GetValue(command) ?? [],
                cancellation);
        });
        return guard;
    }

    private static void CheckTransport(CommandResult result, string? listen, string? upstream, string[] command)
    {
        if (listen is null && upstream is null)
        {
            if (command.Length == 0)
            {
                result.AddError("the server's program after `--`, or --listen and --upstream, are expected");
            }

            return;
        }

        if (command.Length > 0)
        {
            result.AddError("a program and --listen or --upstream do not go together");
        }

        if (listen is null || !EndPointText.TryParse(listen, out var endPoint) || !RequestGate.MayListen(endPoint))
        {
            result.AddError("--listen: 127.0.0.1:PORT or [::1]:PORT is expected: whoever reaches the guard acts with the token");
        }

        if (UpstreamOf(upstream) is null)
        {
            result.AddError("--upstream: an http:// or https:// URL without user, query and fragment is expected");
        }
    }

    private static Uri? UpstreamOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0 ? url : null;

    private static async Task<int> RunAsync(McpGuardSetting setting, (string? Listen, string? Upstream) http, string[] command, CancellationToken cancellation)
    {
        if (setting.TokenFile.Length == 0)
        {
            throw new InputException($"--token-file: required, unless {AgentOptions.TokenFileVariable} is set");
        }

        ValueTask<string> ReadTokenAsync(CancellationToken reading) => AgentOptions.ReadTokenAsync(setting.TokenFile, reading);
        var options = new ClawPdpClientOptions { Address = setting.Server, Token = ReadTokenAsync, HolderKey = setting.Key };
        if (setting.Run is { } run)
        {
            options = options with { RunId = run };
        }

        try
        {
            await using var client = new ClawPdpClient(options);
            await Output.NoteAsync($"clawpdp: mcp-guard: {setting.Name}: run {client.RunId}");
            McpGuardSession SessionOf(AnsweredRequests? answered) => new(client, ReadTokenAsync, setting.Name, ListTimeout, TimeProvider.System, answered);
            return EndPointText.TryParse(http.Listen ?? "", out var endPoint) && UpstreamOf(http.Upstream) is { } upstream
                ? await ListenAsync(endPoint, upstream, () => SessionOf(new AnsweredRequests()), cancellation)
                : await SpawnAsync(command, SessionOf(answered: null), cancellation);
        }
        catch (ArgumentException exception)
        {
            throw new InputException($"--server: {exception.Message}", exception);
        }
    }

    private static async Task<int> SpawnAsync(string[] command, McpGuardSession session, CancellationToken cancellation)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        using var process = new McpGuardProcess(command, session, PipeReader.Create(input), PipeWriter.Create(output));
        return await process.RunAsync(cancellation);
    }

    private static async Task<int> ListenAsync(IPEndPoint endPoint, Uri upstream, Func<McpGuardSession> newSession, CancellationToken cancellation)
    {
        await using var host = await McpHttpHost.StartAsync(endPoint, upstream, newSession, cancellation);
        await Output.NoteAsync($"clawpdp: mcp-guard: listening on {host.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCodes.Ok;
    }
}
