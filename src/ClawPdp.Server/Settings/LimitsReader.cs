using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>limits</c>.</summary>
internal static class LimitsReader
{
    private const int CallsMin = 16;
    private const int CountMax = 100_000;
    private const int StreamsLimit = 1_000;
    private const int HeaderSizeMin = 4_096;
    private const int HeaderSizeLimit = 131_072;
    private const int HeaderCountMin = 16;
    private const int HeaderCountLimit = 1_000;
    private const int HeaderSecondsLimit = 120;
    private const int IdleSecondsLimit = 86_400;
    private const int ProofSecondsLimit = 300;
    private const int BytesPerSecondLimit = 1_048_576;

    private static readonly LimitSettings Default = new();

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="limits">The member; <see langword="null"/> when it is absent.</param>
    public static LimitSettings Read(JsonCursor? limits)
    {
        var members = limits is not null && limits.IsObjectOf(
            "calls", "peer_calls", "token_calls", "connections", "streams", "header_bytes", "headers", "header_seconds", "idle_seconds", "bytes_per_second", "proof_seconds") ? limits : null;
        var calls = Count(members?.Optional("calls"), CallsMin, CountMax, LimitSettings.CallsDefault);
        return new LimitSettings
        {
            CallsMax = calls,
            PeerCallsMax = Count(members?.Optional("peer_calls"), 1, calls, calls / LimitSettings.PeerPart),
            TokenCallsMax = Count(members?.Optional("token_calls"), 1, calls, calls / LimitSettings.TokenPart),
            ConnectionsMax = Count(members?.Optional("connections"), 1, CountMax, Default.ConnectionsMax),
            StreamsMax = Count(members?.Optional("streams"), 1, StreamsLimit, Default.StreamsMax),
            HeaderSizeMaxBytes = Count(members?.Optional("header_bytes"), HeaderSizeMin, HeaderSizeLimit, Default.HeaderSizeMaxBytes),
            HeaderCountMax = Count(members?.Optional("headers"), HeaderCountMin, HeaderCountLimit, Default.HeaderCountMax),
            HeaderTimeout = Seconds(members?.Optional("header_seconds"), HeaderSecondsLimit, Default.HeaderTimeout),
            IdleTimeout = Seconds(members?.Optional("idle_seconds"), IdleSecondsLimit, Default.IdleTimeout),
            ProofAgeMax = Seconds(members?.Optional("proof_seconds"), ProofSecondsLimit, Default.ProofAgeMax),
            BytesPerSecondMin = Count(members?.Optional("bytes_per_second"), 0, BytesPerSecondLimit, Default.BytesPerSecondMin),
        };
    }

    private static int Count(JsonCursor? member, int min, int max, int fallback) => (int)(member?.AsInteger(min, max) ?? fallback);

    private static TimeSpan Seconds(JsonCursor? member, int max, TimeSpan fallback) =>
        member?.AsInteger(1, max) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;
}
