using System.CommandLine;
using ClawPdp.Files;
using ClawPdp.Ledger;
using ClawPdp.Server.Doors.Hook;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.Server.Hosting;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Cli;

/// <summary>The command line <c>clawpdp</c>.</summary>
internal static class CommandLine
{
    /// <summary>Makes every command with its options.</summary>
    internal static RootCommand Create() => new("ClawPdp: the policy-decision sidecar for AI agents. Turns a sign-in into a scoped token, answers before every action, signs what was done.")
    {
        ServeCommand.Create(),
        DemoCommand.Create(),
        ConfigCommand.Create(),
        HealthCommand.Create(),
        KeysCommand.Create(),
        SignerCommand.Create(),
        TokenCommand.Create(),
        HolderKeyCommand.Create(),
        RevokeCommand.Create(),
        RevocationsCommand.Create(),
        PolicyCommand.Create(),
        ApproveCommand.Create(),
        ReceiptCommand.Create(),
        ArtifactCommand.Create(),
        AdminTokenCommand.Create(),
        AuditCommand.Create(),
        LogCommand.Create(),
        LedgerCommand.Create(),
        StatusCommand.Create(),
        DoctorCommand.Create(),
        BenchCommand.Create(),
        HookCommand.Create(),
        McpGuardCommand.Create(),
    };

    /// <summary>Takes a command line apart. A value that begins with <c>@</c> is a value, and names no file of further words.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args) => Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Parse(args);
        if (ShownToken.IsOn(parsed))
        {
            // Before any message of the parser, which could repeat it.
            return await RefuseAsync(args, ShownToken.Message);
        }

        if (parsed.Errors.Count > 0)
        {
            return await RefuseAsync(args, [.. parsed.Errors.Select(static error => error.Message), "try `--help`"]);
        }

        return await InvokeAsync(parsed);
    }

    private static async Task<int> RefuseAsync(string[] args, params string[] lines)
    {
        // Whoever asks by exit code takes the usual one of a wrong command line for leave to go on.
        if (args is [HookCommand.Name, ..])
        {
            return await HookCommand.RefuseAsync(lines[0]);
        }

        foreach (var line in lines)
        {
            await Output.ErrorAsync(line);
        }

        return ExitCodes.Usage;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,

                // The sidecar takes its signals itself, and ends in its own time.
                ProcessTerminationTimeout = parsed.CommandResult.Command.Name is ServeCommand.Name ? null : TimeSpan.FromSeconds(2),
            });
        }
        catch (StartFaultException fault)
        {
            foreach (var line in fault.Lines)
            {
                await Output.ErrorAsync(line);
            }

            return ExitCodes.BadConfiguration;
        }
        catch (UsageException exception)
        {
            await Output.ErrorAsync(exception.Message);
            return ExitCodes.Usage;
        }
        catch (Exception exception) when (exception is InputException or UnsafeFileException or LedgerException or LogDamagedException or IOException or UnauthorizedAccessException)
        {
            await Output.ErrorAsync(exception.Message);
            return ExitCodes.BadInput;
        }
    }
}
