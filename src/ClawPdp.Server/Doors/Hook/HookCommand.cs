using System.CommandLine;
using ClawPdp.Client;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Files;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Doors.Hook;

/// <summary>
/// <c>clawpdp hook</c>: stands before the tools of a coding agent. Reads the event on standard input, asks the sidecar, and answers in the agent's
/// words, within a time limit. Whatever goes wrong, the command line included, is a denial.
/// </summary>
internal static class HookCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "hook";

    private const int LimitMaxMilliseconds = 60_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var token = AgentOptions.TokenFile();
        var server = AgentOptions.Server();
        var key = AgentOptions.HolderKey();
        var prefix = new Option<string>("--tool-prefix") { Description = "put before each tool's name, such as `laptop/`", HelpName = "TEXT", DefaultValueFactory = static _ => "" };
        var limit = new Option<int>("--time-limit-ms") { Description = $"how long all may take before it is denied: 1 to {LimitMaxMilliseconds}", HelpName = "MS", DefaultValueFactory = static _ => 2000 };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LimitMaxMilliseconds)
            {
                result.AddError($"--time-limit-ms: 1 to {LimitMaxMilliseconds} are allowed");
            }
        });
        var command = new Command(Name, "Answer a coding agent's pre-tool-use hook: the event on standard input, the decision on standard output and in the exit code")
        {
            token,
            key,
            server,
            prefix,
            limit,
        };
        command.SetAction((parsed, _) => AnswerAsync(
            AgentOptions.TokenPathOf(parsed, token),
            () => AgentOptions.OpenHolderKey(parsed, key),
            parsed.GetValue(server),
            parsed.GetValue(prefix) ?? "",
            TimeSpan.FromMilliseconds(parsed.GetValue(limit))));
        return command;
    }

    /// <summary>Denies because the command itself is wrong.</summary>
    public static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync(VisibleText.Of($"denied by ClawPdp: {ClientReasons.RequestInvalid}: {message}"));
        return HookAnswer.Denied;
    }

    private static async Task<int> AnswerAsync(string tokenFile, Func<HolderKey?> openKey, string? server, string prefix, TimeSpan limit)
    {
        var dialect = HookDialect.Unknown;
        var name = "";
        var words = "";
        try
        {
            using var ending = new CancellationTokenSource(limit);
            var input = await ReadAsync(ending.Token).WaitAsync(ending.Token);
            if (!HookReader.TryRead(input, out var read, out var fault))
            {
                return await RefuseAsync(fault);
            }

            (dialect, name) = (read.Dialect, read.Name);
            using var key = openKey();
            var options = new ClawPdpClientOptions
            {
                Address = server,
                Token = cancellation => AgentOptions.ReadTokenAsync(tokenFile, cancellation),
                HolderKey = key,
                AuthorizeTimeout = limit,
                DurableTimeout = limit,
                RunId = read.Session.Length > 0 ? read.Session : "hook",
            };
            await using var client = new ClawPdpClient(options);
            var action = new AgentAction { Tool = prefix + read.Tool, Host = read.Host, ArgumentsHash = Sha256.OfCanonical(read.Arguments) };
            if (read.Result is { } result)
            {
                return await SignAsync(client, action, read, result, ending.Token);
            }

            var decision = await client.AuthorizeAsync(action, ending.Token);
            if (decision.IsAllowed)
            {
                await Console.Out.WriteAsync(HookAnswer.Allow(dialect));
                return HookAnswer.Allowed;
            }

            words = HookAnswer.WordsOf(decision);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Nobody gives the question or the reading of the token up but the time limit.
            var reason = exception is OperationCanceledException ? ClientReasons.Deadline : ClientReasons.RequestInvalid;
            words = VisibleText.Of($"denied by ClawPdp: {reason}: {(exception is ArgumentException or InvalidDataException or InputException or UnsafeFileException ? exception.Message : exception.GetType().Name)}");
        }

        await Console.Out.WriteAsync(HookAnswer.Deny(dialect, name, words));
        await Console.Error.WriteLineAsync(words);
        return HookAnswer.CodeOf(dialect);
    }

    // What is done cannot be denied any more: the agent is told that its receipt is missing.
    private static async Task<int> SignAsync(ClawPdpClient client, AgentAction action, HookEvent read, JsonValue result, CancellationToken cancellation)
    {
        var report = new ActionReport { ResultHash = Sha256.OfCanonical(result) };
        try
        {
            // A receipt of a tool is of the tool alone: its host was asked about before.
            await client.SignReceiptAsync(action with { Host = "" }, new AuthorizationDecision(), report, read.CallId.Length > 0 ? read.CallId : null, cancellation);
            return HookAnswer.Allowed;
        }
        catch (ReceiptNotSignedException failure)
        {
            await Console.Error.WriteLineAsync(VisibleText.Of(failure.Message));
            return HookAnswer.Denied;
        }
    }

    private static Task<byte[]> ReadAsync(CancellationToken cancellation) => Task.Run(
        async () =>
        {
            await using var input = Console.OpenStandardInput();
            using var content = new MemoryStream();
            var buffer = new byte[81_920];
            for (var count = await input.ReadAsync(buffer, cancellation); count > 0; count = await input.ReadAsync(buffer, cancellation))
            {
                await content.WriteAsync(buffer.AsMemory(0, count), cancellation);
                if (content.Length > HookReader.SizeMaxBytes)
                {
                    throw new InvalidDataException($"standard input: more than {HookReader.SizeMaxBytes} bytes");
                }
            }

            return content.ToArray();
        },
        cancellation);
}
