namespace ClawPdp.Server.Settings;

/// <summary>How much may be under way at once, and what a connection may do.</summary>
internal sealed record LimitSettings
{
    /// <summary>The calls that write and may be under way where the file says nothing.</summary>
    public const int CallsDefault = 4096;

    /// <summary>A peer's part of them, where the file says nothing: one of this many.</summary>
    public const int PeerPart = 4;

    /// <summary>A token's part of them, where the file says nothing: one of this many.</summary>
    public const int TokenPart = 8;

    /// <summary>Gets how many calls that write may be under way.</summary>
    public int CallsMax { get; init; } = CallsDefault;

    /// <summary>Gets how many of them one peer may have.</summary>
    public int PeerCallsMax { get; init; } = CallsDefault / PeerPart;

    /// <summary>Gets how many of them one token may have.</summary>
    public int TokenCallsMax { get; init; } = CallsDefault / TokenPart;

    /// <summary>Gets how many may watch revocations.</summary>
    public int RevocationWatchesMax { get; init; } = 256;

    /// <summary>Gets how many of them one peer may have, where the file says so.</summary>
    public int? PeerRevocationWatchesLimit { get; init; }

    /// <summary>Gets how many of those who watch revocations one peer may have: a quarter of them where the file says nothing.</summary>
    public int PeerRevocationWatchesMax => PeerRevocationWatchesLimit ?? RevocationWatchesMax / PeerPart;

    /// <summary>Gets how many connections each listener takes.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>Gets how many of them one peer may have, where the file says so.</summary>
    public int? PeerConnectionsLimit { get; init; }

    /// <summary>Gets how many of a listener's connections one peer may have: half of them, rounded up, where the file says nothing.</summary>
    public int PeerConnectionsMax => Math.Min(PeerConnectionsLimit ?? ConnectionsMax - (ConnectionsMax / 2), ConnectionsMax);

    /// <summary>Gets how many streams a connection may have open; further ones are refused.</summary>
    public int StreamsMax { get; init; } = 256;

    /// <summary>Gets how long the headers of a request, or its trailers, may be together, in bytes.</summary>
    public int HeaderSizeMaxBytes { get; init; } = 32_768;

    /// <summary>Gets how many headers a request may have.</summary>
    public int HeaderCountMax { get; init; } = 100;

    /// <summary>Gets how long the headers of a request may take.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long the handshake of TLS may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long a connection may be there before the headers of its first request have come, the handshake included.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets how long a connection without a request may stay.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Gets how much the bodies of gRPC requests may hold together before they are read whole, in bytes; the first 64 KiB of each are free.</summary>
    public int BodySizeMaxBytes { get; init; } = 64 << 20;

    /// <summary>Gets how old a proof of a holder's key may be when it comes.</summary>
    public TimeSpan ProofAgeMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how fast a body or an answer must move after its first seconds, in bytes a second; 0 for any pace.</summary>
    public int BytesPerSecondMin { get; init; } = 240;
}
