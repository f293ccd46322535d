using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Direct;

/// <summary>
/// One request; kept with its HTTP/2 stream and used again with it. Not generic: a server that wraps a server makes the native compiler
/// look for contexts of contexts without end.
/// </summary>
internal sealed class DirectContext
{
    /// <summary>Gets or sets a value indicating whether the connection was told that it sent a request; kept with the stream, and so asked once for each.</summary>
    public bool IsHeard { get; set; }

    /// <summary>Gets or sets what the server knows of the request.</summary>
    public IFeatureCollection? Features { get; set; }

    /// <summary>Gets or sets what the pipeline made of the request; <see langword="null"/> while it has not seen it.</summary>
    public object? Pipeline { get; set; }
}
