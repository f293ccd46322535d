using Grpc.Core;

namespace ClawPdp.Server.Doors.Web;

/// <summary>A way of putting calls of the contract into requests of HTTP/1.1.</summary>
internal interface IWebProtocol
{
    /// <summary>Tells by its head whether a request is of this protocol.</summary>
    bool Takes(HttpRequest request);

    /// <summary>Makes the step that answers such requests by the pipeline.</summary>
    /// <param name="app">Where it is to stand.</param>
    /// <param name="pipeline">What answers calls of gRPC.</param>
    RequestDelegate Build(IApplicationBuilder app, RequestDelegate pipeline);

    /// <summary>Refuses a call that does not reach the pipeline.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status: PERMISSION_DENIED or UNIMPLEMENTED.</param>
    /// <param name="message">Why, in ASCII.</param>
    Task RefuseAsync(HttpContext context, StatusCode status, string message);
}
