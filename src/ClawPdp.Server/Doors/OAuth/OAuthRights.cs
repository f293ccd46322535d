namespace ClawPdp.Server.Doors.OAuth;

/// <summary>What a client may do.</summary>
[Flags]
internal enum OAuthRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Exchange tokens.</summary>
    Exchange = 1,

    /// <summary>Introspect tokens.</summary>
    Introspect = 2,

    /// <summary>Revoke tokens.</summary>
    Revoke = 4,
}
