using ClawPdp.Core.Json;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the member <c>limits</c>.</summary>
internal static class LimitsReader
{
    private const int CallsMin = 16;
    private const int CountMax = 100_000;

    /// <summary>Reads the member; every fault goes to the document's.</summary>
    /// <param name="limits">The member; <see langword="null"/> when it is absent.</param>
    public static LimitSettings Read(JsonCursor? limits)
    {
        var members = limits is not null && limits.IsObjectOf("calls", "peer_calls", "token_calls", "connections") ? limits : null;
        var calls = Count(members?.Optional("calls"), CallsMin, CountMax, LimitSettings.CallsDefault);
        return new LimitSettings
        {
            CallsMax = calls,
            PeerCallsMax = Count(members?.Optional("peer_calls"), 1, calls, calls / LimitSettings.PeerPart),
            TokenCallsMax = Count(members?.Optional("token_calls"), 1, calls, calls / LimitSettings.TokenPart),
            ConnectionsMax = Count(members?.Optional("connections"), 1, CountMax, new LimitSettings().ConnectionsMax),
        };
    }

    private static int Count(JsonCursor? member, int min, int max, int fallback) => (int)(member?.AsInteger(min, max) ?? fallback);
}
