using System.CommandLine;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Receipts;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Approvals;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp approve</c>: a human says yes to one action of an agent, with a key that the sidecar never sees.</summary>
internal static class ApproveCommand
{
    private const int LifetimeDefaultSeconds = 600;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var what = new ApproveOptions();
        var agent = new Option<string>("--agent") { Description = "the agent's DID", HelpName = "DID", Required = true };
        var approver = new Option<string>("--approver") { Description = "who you are, such as email:alice@example.com", HelpName = "SUBJECT", Required = true };
        var key = new Option<string>("--key") { Description = "your key file", HelpName = "FILE", Required = true };
        var lifetime = new Option<int?>("--ttl") { Description = $"how long the approval counts: 1 to {HumanApproval.LifetimeMaxSeconds} seconds, {LifetimeDefaultSeconds} when absent", HelpName = "SECONDS" };
        var run = new Option<string?>("--run") { Description = "the run that it is for; any when absent", HelpName = "RUN" };
        var output = new Option<string?>("--out") { Description = "where the signed approval goes; standard output when absent", HelpName = "FILE" };
        var yes = new Option<bool>("--yes") { Description = "do not ask" };
        var command = new Command("approve", "Approve one action of an agent, once") { agent, approver, key, lifetime, run, output, yes, KeyGen() };
        foreach (var option in what.All)
        {
            command.Add(option);
        }

        command.SetAction(async parsed =>
        {
            var request = what.Read(parsed, out var isNamed);
            var agentDid = parsed.GetValue(agent) ?? "";
            if (!Did.IsValid(agentDid))
            {
                throw new InputException("--agent: a DID is expected");
            }

            var isTold = parsed.GetValue(yes);
            using var signer = ApproverKeyFile.Open(Path.GetFullPath(parsed.GetValue(key) ?? ""));
            var approval = ApprovalSigner.Make(
                request,
                agentDid,
                parsed.GetValue(run) ?? "",
                parsed.GetValue(approver) ?? "",
                isTold ? ApprovalSigner.Called : ApprovalSigner.Confirmed,
                parsed.GetValue(lifetime) ?? LifetimeDefaultSeconds,
                TimeProvider.System.GetUtcNow());
            _ = Input.Require("approve", approval.ToPayload());
            await ShowAsync(approval, request, signer.PublicKey, isNamed);
            if (!isTold && !await IsConfirmedAsync())
            {
                await Output.NoteAsync("not approved");
                return ExitCodes.BadVerdict;
            }

            // It counts from the moment of the yes.
            var signed = ApprovalSigner.Sign(approval with { Timestamp = TimeProvider.System.GetUtcNow() }, signer);
            Write(Input.Require("approve", signed), parsed.GetValue(output));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command KeyGen()
    {
        var output = new Option<string>("--out") { Description = "the key file to make; an older one is never replaced", HelpName = "FILE", Required = true };
        var command = new Command("keygen", "Make a key for approving, and print its DID for `policy.approvers`") { output };
        command.SetAction(parsed =>
        {
            var path = Path.GetFullPath(parsed.GetValue(output) ?? "");
            if (File.Exists(path))
            {
                throw new InputException($"{path}: there is such a file already");
            }

            Output.Line(ApproverKeyFile.Create(path).Did);
            return ExitCodes.Ok;
        });
        return command;
    }

    // On the error stream, as the approval itself may go to standard output.
    private static async Task ShowAsync(HumanApproval approval, ApprovalRequest request, Ed25519PublicKey key, bool isNamed)
    {
        (string Name, string Value)[] lines =
        [
            ("action", approval.Summary ?? ""),
            ("agent", approval.Action.AgentDid),
            ("run", approval.Action.RunId.Length > 0 ? approval.Action.RunId : "any"),
            ("action digest", approval.Action.ActionDigest),
            ("token scope hash", approval.Action.TokenScopeHash),
            ("policy hash", approval.Action.PolicyHash),
            ("wanted by", string.Join(", ", request.StatementIds)),
            ("approver", $"{approval.ApproverSubject}, {key.Did}"),
            ("counts", $"once, until {Rfc3339.Format(approval.ExpiresAt)}"),
        ];
        foreach (var (name, value) in lines.Where(static line => line.Value.Length > 0))
        {
            await Output.NoteAsync($"{name,-18} {value}");
        }

        if (!isNamed)
        {
            await Output.NoteAsync("note: the words came with the request, and only the digest is approved; --tool, --model and --host prove what it stands for");
        }
    }

    /// <exception cref="InputException">There is nobody to ask.</exception>
    private static async Task<bool> IsConfirmedAsync()
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new InputException("there is no terminal to ask on: say --yes if this is meant to be approved unseen");
        }

        await Console.Error.WriteAsync("approve this? type yes: ");
        return string.Equals((await Console.In.ReadLineAsync())?.Trim(), "yes", StringComparison.Ordinal);
    }

    private static void Write(SignedEnvelope signed, string? path)
    {
        if (path is null)
        {
            Output.Line(System.Text.Encoding.UTF8.GetString(signed.Json.Span));
        }
        else
        {
            DurableFile.Write(Path.GetFullPath(path), signed.Json.Span);
        }
    }
}
