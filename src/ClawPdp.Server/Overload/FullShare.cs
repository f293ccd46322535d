namespace ClawPdp.Server.Overload;

/// <summary>Which share of the calls under way is full.</summary>
internal enum FullShare
{
    /// <summary>None: the call may go on.</summary>
    None = 0,

    /// <summary>That of all callers.</summary>
    Total,

    /// <summary>That of the peer.</summary>
    Peer,

    /// <summary>That of the token.</summary>
    Token,
}
