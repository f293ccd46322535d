using System.Collections.Immutable;
using System.CommandLine;
using ClawPdp.Bench;
using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Transport;
using ClawPdp.Client;
using ClawPdp.Core.Faults;
using ClawPdp.Server.Doors;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp bench run</c>: asks a sidecar what it is there for, and times every answer that is as it must be.</summary>
internal static class BenchRunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var tokens = new Option<string?>("--tokens") { Description = "the file with the tokens to use in turn, one a line", HelpName = "FILE" };
        var idToken = new Option<string?>("--id-token") { Description = "in place of --tokens: the file with a sign-in, or - for standard input; --issue tokens are issued for it before the run", HelpName = "FILE" };
        var agent = new Option<string?>("--agent-did") { Description = "the agent that the issued tokens are for", HelpName = "DID" };
        var issue = BenchLoadOptions.Count("--issue", "how many tokens are issued", 1).Within(1, BenchLimits.IssueMax);
        var forAudience = new Option<string[]>("--for-audience") { Description = "who the issued tokens are for; may be repeated", HelpName = "AUD", DefaultValueFactory = static _ => ["clawpdp"] };
        var key = AgentOptions.HolderKey();
        var load = new BenchLoadOptions();
        var question = new BenchQuestionOptions();
        var command = new Command("run", "Time authorize, batch, stream or receipt calls; exit code 1 if any answer is not as it must be") { tokens, idToken, agent, issue, forAudience, key };
        question.AddTo(command);
        load.AddTo(command);
        command.SetAction(async parsed =>
        {
            using var held = AgentOptions.OpenHolderKey(parsed, key);
            var holder = held is null ? null : new BenchHolder(held.Thumbprint, (address, token) => ProveAsync(held, address, token));
            var options = question.Read(parsed, load.Read(parsed)) with { IsProven = holder is not null };
            var given = parsed.GetValue(tokens) is { } path
                ? Input.Require(path, TokenFile.Read(Input.ReadTokens(path, tokens.Name, BenchLimits.TokensFileMaxBytes)))
                : null;
            if (given is not null)
            {
                return await RunAsync(options, given, holder, load, parsed);
            }

            if (parsed.GetValue(idToken) is not { } signIn || parsed.GetValue(agent) is not { } agentDid)
            {
                throw new InputException("--tokens is needed, or --id-token and --agent-did");
            }

            // Checked first: nothing is issued for a run that cannot be.
            var count = parsed.GetValue(issue);
            _ = BenchOutput.Require(BenchPlan.Create(options with { TokenCount = count }));
            var issued = await TokenIssuer.IssueAsync(TargetOf(options), Input.ReadToken(signIn, idToken.Name), agentDid, parsed.GetValue(forAudience) ?? [], count, holder);
            return issued.Fault is { } fault ? throw new InputException($"{options.Server}: {fault}") : await RunAsync(options, issued.Tokens, holder, load, parsed);
        });
        return command;
    }

    private static async Task<int> RunAsync(BenchOptions options, IReadOnlyList<string> tokens, BenchHolder? holder, BenchLoadOptions load, ParseResult parsed)
    {
        var plan = BenchOutput.Require(BenchPlan.Create(options with { TokenCount = tokens.Count }));
        var report = await BenchRun.AskAsync(plan, tokens, BenchOutput.Version, TimeProvider.System, holder);
        return await BenchOutput.WriteAsync(report, load, parsed);
    }

    private static async ValueTask<string?> ProveAsync(HolderKey key, string address, string token)
    {
        try
        {
            return await key.ProveAsync("POST", address, token, TimeProvider.System.GetUtcNow());
        }
        catch (HolderProofException)
        {
            return null;
        }
    }

    private static BenchTarget TargetOf(BenchOptions options) =>
        BenchTarget.Read(options.Server, options.AllowRemote, ImmutableArray.CreateBuilder<Fault>()) ?? throw new InputException("--server: not an address");
}
