using System.Globalization;
using ClawPdp.Server.Doors.Http;
using Grpc.Core;

namespace ClawPdp.Server.Doors.Web;

/// <summary>gRPC-Web, binary and as text, as the library of gRPC for .NET translates it.</summary>
internal sealed class GrpcWebProtocol : IWebProtocol
{
    private const string MediaType = "application/grpc-web";

    private static readonly string[] MediaTypes = [MediaType, MediaType + "+proto", MediaType + "-text", MediaType + "-text+proto"];

    /// <inheritdoc/>
    public bool Takes(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && (request.ContentType?.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase) ?? false)
        && Array.Exists(MediaTypes, type => DoorBody.IsOf(request.HttpContext, type));

    /// <inheritdoc/>
    public RequestDelegate Build(IApplicationBuilder app, RequestDelegate pipeline)
    {
        // Made with the first call, as few sidecars get one: it is found by reflection.
        var translation = new Lazy<RequestDelegate>(() => app.New().UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true }).Use(_ => pipeline).Build());
        return context => translation.Value(context);
    }

    /// <inheritdoc/>
    public Task RefuseAsync(HttpContext context, StatusCode status, string message)
    {
        // Clients of gRPC-Web take the status of HTTP for the call's (403 PERMISSION_DENIED, 404 UNIMPLEMENTED), and the words from here.
        var response = context.Response;
        response.StatusCode = status == StatusCode.PermissionDenied ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound;
        response.ContentType = MediaType;
        response.Headers.GrpcStatus = ((int)status).ToString(CultureInfo.InvariantCulture);
        response.Headers.GrpcMessage = message;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
