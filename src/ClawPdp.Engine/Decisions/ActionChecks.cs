using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Engine.Decisions;

/// <summary>Row 6 of the decision table: is each dimension asked granted by the token?</summary>
internal static class ActionChecks
{
    /// <summary>Reads the dimensions; the first that the grammar refuses is the refusal.</summary>
    public static Refusal? Read(Question question, out AskedDimensions asked)
    {
        ToolName? tool = null;
        ModelName? model = null;
        HostName? host = null;
        asked = default;
        if (!string.IsNullOrEmpty(question.Tool) && !ToolName.TryParse(question.Tool, out tool))
        {
            return new Refusal(ReasonCode.ToolInvalid, Dimension.Tool, "the tool is not a tool name");
        }

        if (!string.IsNullOrEmpty(question.Model) && !ModelName.TryParse(question.Model, out model))
        {
            return new Refusal(ReasonCode.ModelInvalid, Dimension.Model, "the model is not a model name");
        }

        if (!string.IsNullOrEmpty(question.Host) && !HostName.TryParse(question.Host, out host))
        {
            return new Refusal(ReasonCode.HostInvalid, Dimension.Host, "the host is not a host name or address");
        }

        asked = new AskedDimensions(tool, model, host, string.IsNullOrEmpty(question.Provider) ? null : question.Provider);
        return tool is null && model is null && host is null
            ? new Refusal(ReasonCode.RequestInvalid, Dimension.Unspecified, "none of tool, model and host is asked")
            : null;
    }

    /// <summary>Checks the token's scope.</summary>
    public static Refusal? CheckScope(GrantedScope scope, AskedDimensions asked)
    {
        if (asked.Tool is { } tool && !scope.AllowsTool(tool))
        {
            return new Refusal(ReasonCode.ToolNotAllowed, Dimension.Tool, "the token does not grant the tool", tool.Text);
        }

        if (asked.Model is { } model && !scope.AllowsModel(model))
        {
            return new Refusal(ReasonCode.ModelNotAllowed, Dimension.Model, "the token does not grant the model", model.Text);
        }

        return asked.Host is { } host && !scope.AllowsHost(host)
            ? new Refusal(ReasonCode.EgressNotAllowed, Dimension.Host, WordsOf(host), host.ToString())
            : null;
    }

    private static string WordsOf(HostName host) => GuardedHosts.Contains(host)
        ? "no pattern grants a link-local or cloud-metadata host, and the token does not name the host"
        : "the token does not grant the host";
}
