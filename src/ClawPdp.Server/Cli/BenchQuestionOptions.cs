using System.CommandLine;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Server.Cli;

/// <summary>The options of <c>clawpdp bench run</c> that say what is asked.</summary>
internal sealed class BenchQuestionOptions
{
    private readonly Option<CallKind> _call = new("--call")
    {
        Description = "what a call is: authorize, batch, stream or receipt",
        HelpName = "KIND",
        CustomParser = static result => (result.Tokens is [var token] ? token.Value : "") switch
        {
            "authorize" => CallKind.Authorize,
            "batch" => CallKind.Batch,
            "stream" => CallKind.Stream,
            "receipt" => CallKind.Receipt,
            _ => Refuse(result),
        },
        DefaultValueFactory = static _ => CallKind.Authorize,
    };

    private readonly Option<string> _tool = QuestionOptions.Text("--tool", "the tool of the question that must be allowed", "NAME");
    private readonly Option<string> _model = QuestionOptions.Text("--model", "its model", "NAME");
    private readonly Option<string> _host = QuestionOptions.Text("--host", "its host, with an optional port", "HOST");
    private readonly Option<string> _provider = QuestionOptions.Text("--provider", "the models' provider", "NAME");
    private readonly Option<string> _policyHash = QuestionOptions.Text("--policy-hash", "the policy that is believed to be active", "HASH");
    private readonly Option<string> _audience = QuestionOptions.Text("--audience", "the audience that asks", "AUD");
    private readonly Option<string> _denyTool = QuestionOptions.Text("--deny-tool", "the tool of the question that must be denied", "NAME");
    private readonly Option<string> _denyModel = QuestionOptions.Text("--deny-model", "its model", "NAME");
    private readonly Option<string> _denyHost = QuestionOptions.Text("--deny-host", "its host", "HOST");
    private readonly Option<double> _denyShare = new("--deny-share") { Description = "the share of questions that must be denied, 0 to 1", HelpName = "SHARE" };
    private readonly Option<int> _batch = BenchLoadOptions.Count("--batch", "questions of a batch", 16).Within(1, BenchLimits.BatchMax);
    private readonly Option<int> _inFlight = BenchLoadOptions.Count("--in-flight", "questions under way on each stream", 1).Within(1, BenchLimits.InFlightMax);
    private readonly Option<bool> _cold = new("--cold") { Description = "use every token for one question alone, so that the sidecar sees it for the first time" };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _call, _tool, _model, _host, _provider, _policyHash, _audience, _denyTool, _denyModel, _denyHost, _denyShare, _batch, _inFlight, _cold })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them, on top of those for the load.</summary>
    public BenchOptions Read(ParseResult parsed, BenchOptions load)
    {
        var common = new Question { Provider = parsed.GetValue(_provider) ?? "", PolicyHash = parsed.GetValue(_policyHash) ?? "", Audience = parsed.GetValue(_audience) ?? "" };
        return load with
        {
            Call = parsed.GetValue(_call),
            Allowed = common with { Tool = parsed.GetValue(_tool) ?? "", Model = parsed.GetValue(_model) ?? "", Host = parsed.GetValue(_host) ?? "" },
            Denied = common with { Tool = parsed.GetValue(_denyTool) ?? "", Model = parsed.GetValue(_denyModel) ?? "", Host = parsed.GetValue(_denyHost) ?? "" },
            DenyShare = parsed.GetValue(_denyShare),
            Batch = parsed.GetValue(_batch),
            InFlight = parsed.GetValue(_inFlight),
            IsCold = parsed.GetValue(_cold),
        };
    }

    private static CallKind Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError("--call: authorize, batch, stream or receipt is expected");
        return default;
    }
}
