using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Is the message a question for a list at all?</summary>
internal static class ListAllowedRequestCheck
{
    /// <summary>Looks for the first fault.</summary>
    public static RequestFault? Check(ListAllowedRequest request)
    {
        var check = new RequestCheck()
            .Text("cst", request.Cst, RequestLimits.CstMax)
            .Text("provider", request.Provider, RequestLimits.ProviderMax)
            .Text("audience", request.Audience, RequestLimits.AudienceMax)
            .Context(request.Context)
            .Count("candidates", request.Candidates.Count, 0, RequestLimits.CandidateCountMax);
        var nameMax = request.Kind switch
        {
            Dimension.Tool => RequestLimits.ToolMax,
            Dimension.Model => RequestLimits.ModelMax,
            Dimension.Host => RequestLimits.HostMax,
            _ => 0,
        };
        if (nameMax == 0)
        {
            return check.Refuse("kind", "a tool, a model or a host is expected").Fault;
        }

        foreach (var candidate in request.Candidates)
        {
            check.Required("candidates", candidate, nameMax);
        }

        return check.Fault;
    }
}
