using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Direct;

/// <summary>
/// Stands before the pipeline: what <see cref="DirectAuthorize"/> can answer it answers, and everything else goes on untouched, with its
/// body unread.
/// </summary>
/// <typeparam name="TContext">What the pipeline makes of a request.</typeparam>
internal sealed class DirectApplication<TContext> : IHttpApplication<DirectContext<TContext>>
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
    public DirectContext<TContext> CreateContext(IFeatureCollection contextFeatures)
    {
        var context = ContextOf(contextFeatures);
        context.Features = contextFeatures;
        context.Pipeline = _authorize.IsFor(contextFeatures) ? default : _pipeline.CreateContext(contextFeatures);
        return context;
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(DirectContext<TContext> context) =>
        context.Pipeline is { } pipeline ? _pipeline.ProcessRequestAsync(pipeline) : AnswerAsync(context);

    /// <inheritdoc/>
    public void DisposeContext(DirectContext<TContext> context, Exception? exception)
    {
        if (context.Pipeline is { } pipeline)
        {
            _pipeline.DisposeContext(pipeline, exception);
        }

        context.Features = null;
        context.Pipeline = default;
    }

    private static DirectContext<TContext> ContextOf(IFeatureCollection features) =>
        features is IHostContextContainer<DirectContext<TContext>> container
            ? container.HostContext ??= new DirectContext<TContext>()
            : new DirectContext<TContext>();

    private async Task AnswerAsync(DirectContext<TContext> context)
    {
        if (context.Features is { } features && !await _authorize.TryAnswerAsync(features))
        {
            var pipeline = _pipeline.CreateContext(features);
            context.Pipeline = pipeline;
            await _pipeline.ProcessRequestAsync(pipeline);
        }
    }
}
