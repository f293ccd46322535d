using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Reads the members of <c>context</c> that are ours: what AuthorizeRequest has beside its token and its three names.</summary>
internal static class AccessContext
{
    /// <summary>Adds them to a question; the others are left alone.</summary>
    /// <param name="context">The members.</param>
    /// <param name="request">The question.</param>
    /// <returns>What cannot be read, by its member; empty when everything can.</returns>
    public static string Write(JsonValue context, AuthorizeRequest request)
    {
        foreach (var (name, value) in context.Members.Select(static member => (member.Name, member.Value)))
        {
            if (value.Kind == JsonKind.Null)
            {
                continue;
            }

            var isRead = name switch
            {
                "policy_hash" or "provider" or "run_id" or "event_hash" or "args_hash" or "audience" or "request_id" => WriteText(name, value, request),
                "properties" => WriteStated(value, request),
                "approvals" => WriteApprovals(value, request),
                _ => true,
            };
            if (!isRead)
            {
                return $"context.{name}: malformed, or over its limit";
            }
        }

        return "";
    }

    private static bool WriteText(string name, JsonValue value, AuthorizeRequest request)
    {
        if (value.Kind != JsonKind.String)
        {
            return false;
        }

        switch (name)
        {
            case "policy_hash":
                request.PolicyHash = value.Text;
                break;
            case "provider":
                request.Provider = value.Text;
                break;
            case "run_id":
                request.RunId = value.Text;
                break;
            case "event_hash":
                request.EventHashB64U = value.Text;
                break;
            case "args_hash":
                request.ArgsHashB64U = value.Text;
                break;
            case "audience":
                request.Audience = value.Text;
                break;
            default:
                request.RequestId = value.Text;
                break;
        }

        return true;
    }

    // What conditions compare is text; a number or a truth value is given as JSON writes it.
    private static bool WriteStated(JsonValue stated, AuthorizeRequest request)
    {
        if (stated.Kind != JsonKind.Object || stated.Members.Length > RequestLimits.ContextCountMax)
        {
            return false;
        }

        foreach (var member in stated.Members)
        {
            if (member.Value.Kind is JsonKind.Array or JsonKind.Object or JsonKind.Null)
            {
                return false;
            }

            request.Context[member.Name] = member.Value.Kind == JsonKind.String ? member.Value.Text : JsonWriter.CanonicalText(member.Value);
        }

        return true;
    }

    // A signed envelope, as the object that it is or as its text.
    private static bool WriteApprovals(JsonValue approvals, AuthorizeRequest request)
    {
        if (approvals.Kind != JsonKind.Array || approvals.Items.Length > RequestLimits.ApprovalCountMax)
        {
            return false;
        }

        foreach (var approval in approvals.Items)
        {
            if (approval.Kind is not (JsonKind.String or JsonKind.Object))
            {
                return false;
            }

            request.Approvals.Add(approval.Kind == JsonKind.String ? ByteString.CopyFromUtf8(approval.Text) : ByteString.CopyFrom(JsonWriter.WriteAsReceived(approval)));
        }

        return true;
    }
}
