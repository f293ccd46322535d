using System.CommandLine;
using System.IO.Pipelines;
using ClawPdp.Client;
using ClawPdp.Core.Grammar;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary><c>clawpdp mcp-guard</c>: stands before a server of the Model Context Protocol, as that server to its client.</summary>
internal static class McpGuardCommand
{
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "the server's name in policies, before the names of its tools: NAME/TOOL", HelpName = "NAME", Required = true };
        var token = AgentOptions.TokenFile();
        var server = AgentOptions.Server();
        var run = new Option<string?>("--run") { Description = "the run that decisions and receipts belong to; default: a new one", HelpName = "ID" };
        var command = new Argument<string[]>("command") { Description = "the server's program and its arguments, after `--`", Arity = ArgumentArity.OneOrMore };
        name.Validators.Add(result =>
        {
            if (!ToolName.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--name: printable, without spaces and stars, is expected");
            }
        });
        var guard = new Command("mcp-guard", "Run an MCP server behind the sidecar: only what the CST allows is listed and called, and each call gets a receipt")
        {
            name,
            token,
            server,
            run,
            command,
        };
        guard.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(name) ?? "",
            AgentOptions.TokenPathOf(parsed, token),
            parsed.GetValue(server),
            parsed.GetValue(run),
            parsed.GetValue(command) ?? [],
            cancellation));
        return guard;
    }

    private static async Task<int> RunAsync(string name, string tokenFile, string? server, string? run, string[] command, CancellationToken cancellation)
    {
        if (tokenFile.Length == 0)
        {
            throw new InputException($"--token-file: required, unless {AgentOptions.TokenFileVariable} is set");
        }

        ValueTask<string> ReadTokenAsync(CancellationToken reading) => AgentOptions.ReadTokenAsync(tokenFile, reading);
        var options = new ClawPdpClientOptions { Address = server, Token = ReadTokenAsync };
        if (run is not null)
        {
            options = options with { RunId = run };
        }

        try
        {
            await using var client = new ClawPdpClient(options);
            await Output.NoteAsync($"clawpdp: mcp-guard: {name}: run {client.RunId}");
            var session = new McpGuardSession(client, ReadTokenAsync, name, ListTimeout, TimeProvider.System);
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            using var process = new McpGuardProcess(command, session, PipeReader.Create(input), PipeWriter.Create(output));
            return await process.RunAsync(cancellation);
        }
        catch (ArgumentException exception)
        {
            throw new InputException($"--server: {exception.Message}", exception);
        }
    }
}
