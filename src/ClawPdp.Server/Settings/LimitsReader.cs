using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>limits</c>.</summary>
internal static class LimitsReader
{
    private const int CallsMin = 16;
    private const int WatchesMin = LimitSettings.PeerPart;
    private const int WatchesLimit = 4_096;
    private const int CountMax = 100_000;
    private const int StreamsLimit = 1_000;
    private const int HeaderSizeMin = 4_096;
    private const int HeaderSizeLimit = 131_072;
    private const int HeaderCountMin = 16;
    private const int HeaderCountLimit = 1_000;
    private const int HeaderSecondsLimit = 120;
    private const int HandshakeSecondsLimit = 120;
    private const int FirstRequestSecondsLimit = 3_600;
    private const int IdleSecondsLimit = 86_400;
    private const int BodySizeMin = 16 << 20;
    private const int BodySizeLimit = 1 << 30;
    private const int ProofSecondsLimit = 300;
    private const int BytesPerSecondLimit = 1_048_576;

    private static readonly LimitSettings Default = new();

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="limits">The member; <see langword="null"/> when it is absent.</param>
    public static LimitSettings Read(JsonCursor? limits)
    {
        var members = limits is not null && limits.IsObjectOf(
            "calls", "peer_calls", "token_calls", "revocation_watches", "peer_revocation_watches", "connections", "peer_connections", "streams", "header_bytes", "headers",
            "header_seconds", "handshake_seconds", "first_request_seconds", "idle_seconds", "bytes_per_second", "body_bytes", "proof_seconds") ? limits : null;
        var calls = Count(members, "calls", CallsMin, CountMax, LimitSettings.CallsDefault);
        var connections = Count(members, "connections", 1, CountMax, Default.ConnectionsMax);
        var watches = Count(members, "revocation_watches", WatchesMin, WatchesLimit, Default.RevocationWatchesMax);
        return new LimitSettings
        {
            CallsMax = calls,
            PeerCallsMax = Count(members, "peer_calls", 1, calls, calls / LimitSettings.PeerPart),
            TokenCallsMax = Count(members, "token_calls", 1, calls, calls / LimitSettings.TokenPart),
            RevocationWatchesMax = watches,
            PeerRevocationWatchesLimit = OfPeer(members, "peer_revocation_watches", watches),
            ConnectionsMax = connections,
            PeerConnectionsLimit = OfPeer(members, "peer_connections", connections),
            StreamsMax = Count(members, "streams", 1, StreamsLimit, Default.StreamsMax),
            HeaderSizeMaxBytes = Count(members, "header_bytes", HeaderSizeMin, HeaderSizeLimit, Default.HeaderSizeMaxBytes),
            HeaderCountMax = Count(members, "headers", HeaderCountMin, HeaderCountLimit, Default.HeaderCountMax),
            HeaderTimeout = Seconds(members, "header_seconds", HeaderSecondsLimit, Default.HeaderTimeout),
            HandshakeTimeout = Seconds(members, "handshake_seconds", HandshakeSecondsLimit, Default.HandshakeTimeout),
            FirstRequestTimeout = Seconds(members, "first_request_seconds", FirstRequestSecondsLimit, Default.FirstRequestTimeout),
            IdleTimeout = Seconds(members, "idle_seconds", IdleSecondsLimit, Default.IdleTimeout),
            BodySizeMaxBytes = Count(members, "body_bytes", BodySizeMin, BodySizeLimit, Default.BodySizeMaxBytes),
            ProofAgeMax = Seconds(members, "proof_seconds", ProofSecondsLimit, Default.ProofAgeMax),
            BytesPerSecondMin = Count(members, "bytes_per_second", 0, BytesPerSecondLimit, Default.BytesPerSecondMin),
        };
    }

    private static int? OfPeer(JsonCursor? members, string name, int total) => (int?)members?.Optional(name)?.AsInteger(1, total);

    private static int Count(JsonCursor? members, string name, int min, int max, int fallback) => (int)(members?.Optional(name)?.AsInteger(min, max) ?? fallback);

    private static TimeSpan Seconds(JsonCursor? members, string name, int max, TimeSpan fallback) =>
        members?.Optional(name)?.AsInteger(1, max) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;
}
