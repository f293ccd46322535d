using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Row 1 of the decision table: is the message a question at all?</summary>
internal static class AuthorizeRequestCheck
{
    /// <summary>Looks for the first fault.</summary>
    public static RequestFault? Check(AuthorizeRequest request)
    {
        var check = new RequestCheck()
            .Text("cst", request.Cst, RequestLimits.CstMax)
            .Text("tool", request.Tool, RequestLimits.ToolMax)
            .Text("model", request.Model, RequestLimits.ModelMax)
            .Text("host", request.Host, RequestLimits.HostMax)
            .Text("policy_hash", request.PolicyHash, RequestLimits.PolicyHashMax)
            .Text("provider", request.Provider, RequestLimits.ProviderMax)
            .Text("run_id", request.RunId, RequestLimits.IdentifierMax)
            .Hash("event_hash_b64u", request.EventHashB64U)
            .Hash("args_hash_b64u", request.ArgsHashB64U)
            .Text("audience", request.Audience, RequestLimits.AudienceMax)
            .Text("request_id", request.RequestId, RequestLimits.IdentifierMax)
            .Context(request.Context)
            .Approvals(request.Approvals);
        if (request.Tool.Length == 0 && request.Model.Length == 0 && request.Host.Length == 0)
        {
            check.Refuse("tool, model, host", "none is set");
        }

        return check.Fault;
    }
}
