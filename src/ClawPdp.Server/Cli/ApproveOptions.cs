using System.Collections.Immutable;
using System.CommandLine;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Receipts;
using ClawPdp.Server.Approvals;

namespace ClawPdp.Server.Cli;

/// <summary>The options of <c>clawpdp approve</c> that say what is approved.</summary>
internal sealed class ApproveOptions
{
    private readonly Option<string?> _request = Text("--request", "FILE", "the JSON of the denial, refusal or obligation, or - for standard input");
    private readonly Option<string?> _digest = Text("--action-digest", "HASH", "the action's digest, where there is no --request");
    private readonly Option<string?> _scope = Text("--scope-hash", "HASH", "the token's scope hash, where there is no --request");
    private readonly Option<string?> _policy = Text("--policy-hash", "HASH", "the policy's hash, where there is no --request");
    private readonly Option<string?> _summary = Text("--summary", "TEXT", "the action in words; those of the request when absent");
    private readonly Option<string?> _tool = Text("--tool", "NAME", "the tool that you mean to approve: the digest must be that of what you name");
    private readonly Option<string?> _model = Text("--model", "NAME", "the model, likewise");
    private readonly Option<string?> _host = Text("--host", "NAME", "the host, likewise");
    private readonly Option<string?> _provider = Text("--provider", "NAME", "the model's provider, likewise");
    private readonly Option<string?> _arguments = Text("--args-hash", "HASH", "the hash of the arguments, likewise");

    /// <summary>Gets them all.</summary>
    public IEnumerable<Option> All => [_request, _digest, _scope, _policy, _summary, _tool, _model, _host, _provider, _arguments];

    /// <summary>Gives what is to be approved.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isNamed">Receives whether the approver named the action, so that the digest is known to be that of what is shown.</param>
    /// <exception cref="InputException">It is not clear, or not what was named.</exception>
    public ApprovalRequest Read(ParseResult parsed, out bool isNamed)
    {
        var named = DigestOfNamed(parsed);
        isNamed = named is not null;
        var request = parsed.GetValue(_request) is { } path
            ? FromFile(path, parsed)
            : new ApprovalRequest
            {
                ActionDigest = parsed.GetValue(_digest) ?? named ?? "",
                TokenScopeHash = parsed.GetValue(_scope) ?? "",
                PolicyHash = parsed.GetValue(_policy) ?? "",
            };
        if (request.Faults() is [var fault, ..])
        {
            throw new InputException($"--request, or --action-digest with --scope-hash and --policy-hash: {fault.Pointer[1..]}: {fault.Message}");
        }

        if (named is not null && !string.Equals(named, request.ActionDigest, StringComparison.Ordinal))
        {
            throw new InputException("the digest is not that of the action that you named: it is another tool, model, host, provider or hash of arguments");
        }

        var summary = parsed.GetValue(_summary) ?? (isNamed ? WordsOfNamed(parsed) : request.Summary);
        return summary.Length <= HumanApproval.SummaryLengthMax ? request with { Summary = summary } : throw new InputException($"--summary: at most {HumanApproval.SummaryLengthMax} characters");
    }

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private ApprovalRequest FromFile(string path, ParseResult parsed) =>
        ((Option<string?>[])[_digest, _scope, _policy]).Any(option => parsed.GetValue(option) is not null)
            ? throw new InputException("--request already has the hashes: leave --action-digest, --scope-hash and --policy-hash out")
            : Input.Require(path, ApprovalRequest.Read(Input.Read(path)));

    private string WordsOfNamed(ParseResult parsed) => string.Join(", ", ((ImmutableArray<(string Word, Option<string?> Option)>)[("tool", _tool), ("model", _model), ("host", _host)])
        .Where(item => parsed.GetValue(item.Option) is not null)
        .Select(item => $"{item.Word} {parsed.GetValue(item.Option)}"));

    private string? DigestOfNamed(ParseResult parsed)
    {
        ToolName? tool = null;
        ModelName? model = null;
        HostName? host = null;
        var isReadable = (parsed.GetValue(_tool) is not { } toolText || ToolName.TryParse(toolText, out tool))
            && (parsed.GetValue(_model) is not { } modelText || ModelName.TryParse(modelText, out model))
            && (parsed.GetValue(_host) is not { } hostText || HostName.TryParse(hostText, out host));
        if (!isReadable)
        {
            throw new InputException("--tool, --model, --host: not a name of its kind");
        }

        var (provider, arguments) = (parsed.GetValue(_provider), parsed.GetValue(_arguments));
        if (tool is null && model is null && host is null)
        {
            return provider is null && arguments is null ? null : throw new InputException("--provider and --args-hash belong to a --tool, --model or --host");
        }

        return ActionDigest.Compute(new PolicyQuestion { Tool = tool, Model = model, Host = host, Provider = provider }, arguments);
    }
}
