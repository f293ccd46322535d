using ClawPdp.Server.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Direct;

/// <summary>
/// Stands before the pipeline: what <see cref="DirectAuthorize"/> can answer it answers, and everything else goes on untouched, with its
/// body unread.
/// </summary>
/// <typeparam name="TContext">What the pipeline makes of a request.</typeparam>
internal sealed class DirectApplication<TContext> : IHttpApplication<DirectContext>
    where TContext : notnull
{
    private readonly IHttpApplication<TContext> _pipeline;
    private readonly DirectAuthorize _authorize;

    public DirectApplication(IHttpApplication<TContext> pipeline, DirectAuthorize authorize)
    {
        _pipeline = pipeline;
        _authorize = authorize;
    }

    /// <inheritdoc/>
    public DirectContext CreateContext(IFeatureCollection contextFeatures)
    {
        var context = ContextOf(contextFeatures);
        context.Features = contextFeatures;
        if (!context.IsHeard)
        {
            context.IsHeard = true;
            contextFeatures.Get<ConnectionSeat>()?.Hear();
        }

        context.Pipeline = _authorize.IsFor(contextFeatures) ? null : _pipeline.CreateContext(contextFeatures);
        return context;
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(DirectContext context) =>
        context.Pipeline is TContext pipeline ? _pipeline.ProcessRequestAsync(pipeline) : AnswerAsync(context);

    /// <inheritdoc/>
    public void DisposeContext(DirectContext context, Exception? exception)
    {
        if (context.Pipeline is TContext pipeline)
        {
            _pipeline.DisposeContext(pipeline, exception);
        }

        context.Features = null;
        context.Pipeline = null;
    }

    private static DirectContext ContextOf(IFeatureCollection features) =>
        features is IHostContextContainer<DirectContext> container
            ? container.HostContext ??= new DirectContext()
            : new DirectContext();

    private async Task AnswerAsync(DirectContext context)
    {
        if (context.Features is { } features && !await _authorize.TryAnswerAsync(features))
        {
            var pipeline = _pipeline.CreateContext(features);
            context.Pipeline = pipeline;
            await _pipeline.ProcessRequestAsync(pipeline);
        }
    }
}
