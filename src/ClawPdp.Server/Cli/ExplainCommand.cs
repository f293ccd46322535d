using System.CommandLine;
using System.CommandLine.Parsing;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Server.Doors;
using ClawPdp.V1;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy explain</c>: says why an action is allowed or denied, by a sidecar or by a policy in a file.</summary>
internal sealed class ExplainCommand
{
    private readonly QuestionOptions _question = new();
    private readonly Option<string> _server = new("--server") { Description = "ask the sidecar at this gRPC address", HelpName = "URL" };
    private readonly Option<string> _token = new("--token") { Description = "with --server: the file with the token, or - for standard input", HelpName = "FILE" };
    private readonly Option<string?> _key = AgentOptions.HolderKey();
    private readonly Option<string> _policy = new("--policy") { Description = "ask this policy, without a sidecar", HelpName = "FILE" };
    private readonly Option<string[]> _others = PolicyInput.With();
    private readonly Option<string> _claims = new("--claims") { Description = "with --policy: the token's claims; without them everything is granted, and the policy alone decides", HelpName = "FILE" };
    private readonly Option<string> _agent = new("--agent") { Description = "with --policy and no claims: the agent", HelpName = "DID" };
    private readonly Option<string> _at = new("--at") { Description = "with --policy: the instant, such as 2026-01-01T09:00:00Z; now when absent", HelpName = "INSTANT" };
    private readonly Option<bool> _approved = new("--approved") { Description = "with --policy: take a human's approval as given" };
    private readonly Option<bool> _json = CommonOptions.Json();

    private ExplainCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var explain = new ExplainCommand();
        var command = new Command("explain", "Say why an action is allowed or denied; asks a sidecar, or a policy in a file");
        foreach (var option in new Option[] { explain._server, explain._token, explain._key, explain._policy, explain._others, explain._claims, explain._agent, explain._at, explain._approved })
        {
            command.Add(option);
        }

        explain._question.AddTo(command);
        command.Add(explain._json);
        command.Validators.Add(explain.Validate);
        command.SetAction(explain.RunAsync);
        return command;
    }

    private void Validate(CommandResult result)
    {
        var isOnline = IsGiven(result, _server);
        if (isOnline == IsGiven(result, _policy))
        {
            result.AddError("either --server or --policy is expected");
            return;
        }

        var misplaced = (isOnline ? new Option[] { _others, _claims, _agent, _at, _approved } : [_token, _key, _question.Approvals]).Where(option => IsGiven(result, option));
        foreach (var option in misplaced)
        {
            result.AddError($"{option.Name} does not go with {(isOnline ? _server : _policy).Name}");
        }

        if (isOnline && !IsGiven(result, _token))
        {
            result.AddError("--token is expected");
        }

        if (IsGiven(result, _agent) && IsGiven(result, _claims))
        {
            result.AddError("--agent does not go with --claims, which name the agent");
        }
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var explanation = parsed.GetValue(_server) is { } server
            ? await AskAsync(server, parsed, _question.Read(parsed, Input.ReadToken(parsed.GetValue(_token) ?? "", _token.Name)), cancellation)
            : Evaluate(parsed, parsed.GetValue(_policy) ?? "");
        if (parsed.GetValue(_json))
        {
            Output.Json(ExplanationJson.Write(explanation));
        }
        else
        {
            ExplanationText.Print(explanation);
        }

        return explanation.Answer?.Effect == Effect.Allow ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    private async Task<ExplainResponse> AskAsync(string server, ParseResult parsed, AuthorizeRequest request, CancellationToken cancellation)
    {
        using var key = AgentOptions.OpenHolderKey(parsed, _key);
        var address = SidecarAddress.Of(server);
        return await SidecarCall.RunAsync(
            address,
            channel => new DecisionService.DecisionServiceClient(SidecarConnection.Prove(channel, address, key)).ExplainAsync(new ExplainRequest { Request = request }, cancellationToken: cancellation).ResponseAsync);
    }

    private ExplainResponse Evaluate(ParseResult parsed, string policy)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (parsed.GetValue(_at) is { } instant && !Rfc3339.TryParse(instant, out now))
        {
            throw new InputException($"--at: `{instant}` is not a date-time such as 2026-01-01T09:00:00Z");
        }

        var chain = PolicyInput.LoadChain(policy, parsed.GetValue(_others) ?? []);
        var claims = parsed.GetValue(_claims) is { } path
            ? OfflineToken.Read(path, Input.Require(path, JsonReader.Parse(Input.Read(path), 1 << 16)), now)
            : OfflineToken.Read("--agent", OfflineToken.EverythingFor(parsed.GetValue(_agent) ?? UnnamedAgent()), now);
        return OfflineExplanation.Explain(_question.Read(parsed, ""), claims, chain, now, parsed.GetValue(_approved));
    }

    private static string UnnamedAgent()
    {
        using var key = Ed25519SigningKey.Generate();
        return key.PublicKey.Did;
    }
}
