using ClawPdp.Server.Grpc;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Hosting;

/// <summary>What a connection may do. Nothing is left to the web server's defaults: they are promised in docs/limits.md and would change with it.</summary>
internal static class ConnectionLimits
{
    private const int EnvelopeSize = 1024;
    private const int RequestLineMax = 8 * 1024;
    private const int FrameSizeMax = 16 * 1024;
    private const int HeaderTableSize = 4 * 1024;
    private const int ConnectionWindow = 1024 * 1024;
    private const int StreamWindow = 768 * 1024;

    // A caller on another host that is gone without a word leaves its connection, and its place, within these together.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PaceGrace = TimeSpan.FromSeconds(5);

    /// <summary>Sets them.</summary>
    /// <param name="server">The web server's.</param>
    /// <param name="limits">Ours.</param>
    public static void Apply(KestrelServerLimits server, LimitSettings limits)
    {
        var pace = limits.BytesPerSecondMin == 0 ? null : new MinDataRate(limits.BytesPerSecondMin, PaceGrace);
        server.MaxRequestBodySize = RequestLimits.MessageMax + EnvelopeSize;
        // INVARIANT: every connection comes to its listener's room (ConnectionRoom), which knows better whom to turn away, and gives its arrival's place back.
        server.MaxConcurrentConnections = null;
        server.MaxRequestLineSize = RequestLineMax;
        server.MaxRequestHeadersTotalSize = limits.HeaderSizeMaxBytes;
        server.MaxRequestHeaderCount = limits.HeaderCountMax;
        server.RequestHeadersTimeout = limits.HeaderTimeout;
        server.KeepAliveTimeout = limits.IdleTimeout;
        server.MinRequestBodyDataRate = pace;
        server.MinResponseDataRate = pace;
        server.Http2.MaxStreamsPerConnection = limits.StreamsMax;
        server.Http2.MaxRequestHeaderFieldSize = limits.HeaderSizeMaxBytes;
        server.Http2.MaxFrameSize = FrameSizeMax;
        server.Http2.HeaderTableSize = HeaderTableSize;
        server.Http2.InitialConnectionWindowSize = ConnectionWindow;
        server.Http2.InitialStreamWindowSize = StreamWindow;
        server.Http2.KeepAlivePingDelay = PingDelay;
        server.Http2.KeepAlivePingTimeout = PingTimeout;
    }
}
