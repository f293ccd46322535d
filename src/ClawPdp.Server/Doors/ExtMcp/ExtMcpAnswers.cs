using ClawPdp.Core.Json;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.Server.Doors.Http;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>
/// Makes the answers for the gateway, and is the one place that does: one without a result hands the decision to the gateway's own failure mode.
/// </summary>
internal static class ExtMcpAnswers
{
    // Codes of JSON-RPC 2.0, and of the range that it leaves to applications.
    private const int Denied = -32001;
    private const int InvalidParameters = -32602;
    private const int Unavailable = -32603;

    private const string DecisionKey = "clawpdp_decision_id";

    /// <summary>Lets a request go on that needs no decision.</summary>
    public static McpRequestResult PassRequest() => new() { Pass = new Pass() };

    /// <summary>Lets a result go on as it is.</summary>
    public static McpResponseResult PassResponse() => new() { Pass = new Pass() };

    /// <summary>Puts another result in the place of one.</summary>
    public static McpResponseResult Replace(ReadOnlySpan<byte> json) => new() { Mutated = ByteString.CopyFrom(json) };

    /// <summary>Refuses a request.</summary>
    public static McpRequestResult RefuseRequest(AuthorizationError error) => new() { Error = error };

    /// <summary>Refuses a result.</summary>
    public static McpResponseResult RefuseResponse(AuthorizationError error) => new() { Error = error };

    /// <summary>Answers a request by a reply.</summary>
    public static McpRequestResult Write(HttpReply reply)
    {
        var result = RefuseRequest(ErrorOf(reply));
        if (reply.IsAllowed)
        {
            result.Pass = new Pass();
            result.Metadata = new Struct { Fields = { [DecisionKey] = Value.ForString(reply.DecisionId) } };
        }

        return result;
    }

    /// <summary>Makes the error of a denial.</summary>
    public static AuthorizationError ErrorOf(HttpReply reply) => reply.Status switch
    {
        StatusCodes.Status400BadRequest => Error(AuthorizationError.Types.Code.Invalid, InvalidParameters, reply),
        StatusCodes.Status503ServiceUnavailable => Error(AuthorizationError.Types.Code.ResourceExhausted, Unavailable, reply),
        _ => DenialOf(reply),
    };

    /// <summary>Makes the error of a denial that nothing in the message can mend.</summary>
    public static AuthorizationError DenialOf(HttpReply? reply) => Error(AuthorizationError.Types.Code.PermissionDenied, Denied, reply);

    private static AuthorizationError Error(AuthorizationError.Types.Code code, int rpcCode, HttpReply? reply)
    {
        var reason = reply?.Document is { } said ? $"{said.FindText("error")}: {said.FindText("message")}" : "denied";
        var error = new JsonObjectBuilder().Add("code", rpcCode).Add("message", reason).AddIfPresent("data", reply?.Document).Build();
        return new AuthorizationError { Code = code, Reason = reason, McpError = ByteString.CopyFrom(JsonWriter.WriteCanonical(error)) };
    }
}
