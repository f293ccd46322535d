namespace ClawPdp.Server.Settings;

/// <summary>How much may be under way at once.</summary>
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

    /// <summary>Gets how many connections each listener takes.</summary>
    public int ConnectionsMax { get; init; } = 1024;
}
