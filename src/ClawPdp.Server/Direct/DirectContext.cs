using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Direct;

/// <summary>One request; kept with its HTTP/2 stream and used again with it.</summary>
/// <typeparam name="TContext">What the pipeline makes of a request.</typeparam>
internal sealed class DirectContext<TContext>
    where TContext : notnull
{
    /// <summary>Gets or sets what the server knows of the request.</summary>
    public IFeatureCollection? Features { get; set; }

    /// <summary>Gets or sets what the pipeline made of the request; the default while it has not seen it.</summary>
    public TContext? Pipeline { get; set; }
}
