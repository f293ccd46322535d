using Grpc.Core;

namespace ClawPdp.Server.Doors.Web;

/// <summary>
/// Stands before the pipeline's routing, as one path takes several protocols: lets in what the guard lets in, and only to the methods of agents.
/// </summary>
internal sealed class WebStep : IStartupFilter
{
    private readonly WebGuard _guard;
    private readonly IWebProtocol _protocol;

    public WebStep(WebDoorSettings settings, IWebProtocol protocol)
    {
        _guard = new WebGuard(settings);
        _protocol = protocol;
    }

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(proceed =>
        {
            var answer = _protocol.Build(app, proceed);
            return context => AnswerAsync(context, answer, proceed);
        });
        next(app);
    };

    private Task AnswerAsync(HttpContext context, RequestDelegate answer, RequestDelegate proceed)
    {
        var request = context.Request;

        // The ports of gRPC speak HTTP/2 alone.
        if (HttpProtocol.IsHttp2(request.Protocol))
        {
            return proceed(context);
        }

        if (!_protocol.Takes(request))
        {
            return IsOfContract(request) && _guard.TryAnswerPreflight(context) ? Task.CompletedTask : proceed(context);
        }

        if (_guard.RefusalOf(request) is { } refusal)
        {
            return _protocol.RefuseAsync(context, StatusCode.PermissionDenied, refusal);
        }

        WebGuard.Open(context);
        return AgentMethods.TryFind(request.Path.Value ?? "", out _)
            ? answer(context)
            : _protocol.RefuseAsync(context, StatusCode.Unimplemented, "there is no such method, or this door does not lead to it");
    }

    private static bool IsOfContract(HttpRequest request) => request.Path.Value?.StartsWith(AgentMethods.PathStart, StringComparison.Ordinal) ?? false;
}
