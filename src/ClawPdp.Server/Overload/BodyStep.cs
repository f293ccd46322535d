using ClawPdp.Server.Connections;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Overload;

/// <summary>Has the bodies of gRPC requests counted, which come before the pipeline knows who asks; the other doors have their own counted as they read them.</summary>
internal static class BodyStep
{
    private const string ContentType = "application/grpc";

    /// <summary>Adds the step to the pipeline.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var budget = app.ApplicationServices.GetRequiredService<BodyBudget>();
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is not true
                || context.Features.Get<IRequestBodyPipeFeature>() is not { } body)
            {
                await next(context);
                return;
            }

            using var counted = new BudgetedBody(body.Reader, budget, ConnectionPeers.PeerOf(context).Name, KindOf(context), time);
            context.Features.Set<IRequestBodyPipeFeature>(counted);
            try
            {
                await next(context);
            }
            finally
            {
                context.Features.Set(body);
            }
        });
    }

    private static BodyKind KindOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type switch
    {
        MethodType.ServerStreaming => BodyKind.Small,
        MethodType.ClientStreaming or MethodType.DuplexStreaming => BodyKind.Many,
        _ => BodyKind.One,
    };
}
