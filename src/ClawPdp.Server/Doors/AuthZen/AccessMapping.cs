using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>
/// Puts a question of AuthZEN into the words of the wire contract. What has no meaning here is a denial and never an omission: a member of
/// <c>context</c> that is ours and cannot be read denies the question.
/// </summary>
internal static class AccessMapping
{
    /// <summary>The actions that a tool has.</summary>
    public static readonly string[] ToolActions = ["call", "tools/call"];

    /// <summary>The actions that a model has.</summary>
    public static readonly string[] ModelActions = ["use"];

    /// <summary>The actions that a host has.</summary>
    public static readonly string[] HostActions = ["connect"];

    private static readonly string[] SubjectTypes = ["agent", "identity"];

    /// <summary>Gives the actions that there are for a type of resource; none for a type that is not known.</summary>
    public static IReadOnlyList<string> ActionsOf(string resourceType) => resourceType switch
    {
        "tool" => ToolActions,
        "model" => ModelActions,
        "host" => HostActions,
        _ => [],
    };

    /// <summary>Gives the caller's id for a question.</summary>
    public static string RequestIdOf(AccessQuestion question, AccessCaller caller)
    {
        var id = question.Context.FindText("request_id") ?? caller.RequestId;
        return Encoding.UTF8.GetByteCount(id) <= RequestLimits.IdentifierMax ? id : "";
    }

    /// <summary>Puts a question into our words.</summary>
    /// <param name="question">The question.</param>
    /// <param name="caller">What came beside it.</param>
    /// <param name="request">Receives the question in our words, as far as it could be put.</param>
    /// <returns>What has no meaning here, by its member; empty when everything has.</returns>
    public static string Write(AccessQuestion question, AccessCaller caller, out AuthorizeRequest request)
    {
        request = new AuthorizeRequest { Cst = caller.Token, RequestId = RequestIdOf(question, caller) };
        if (!SubjectTypes.Contains(question.SubjectType, StringComparer.Ordinal))
        {
            return "subject.type: agent or identity is expected";
        }

        if (question.SubjectToken is { } token)
        {
            if (token.Kind != JsonKind.String)
            {
                return "subject.properties.cst: a string is expected";
            }

            request.Cst = token.Text;
        }

        var fault = WriteResource(question, request);
        return fault.Length > 0 ? fault : AccessContext.Write(question.Context, request);
    }

    private static string WriteResource(AccessQuestion question, AuthorizeRequest request)
    {
        var actions = ActionsOf(question.ResourceType);
        if (actions.Count == 0)
        {
            return "resource.type: tool, model or host is expected";
        }

        if (question.ActionName.Length > 0 && !actions.Contains(question.ActionName, StringComparer.Ordinal))
        {
            return $"action.name: a {question.ResourceType} has only {string.Join(", ", actions)}";
        }

        switch (question.ResourceType)
        {
            case "tool":
                request.Tool = question.ResourceId;
                break;
            case "model":
                request.Model = question.ResourceId;
                break;
            default:
                request.Host = question.ResourceId;
                break;
        }

        return "";
    }
}
