namespace ClawPdp.Server.Connections;

/// <summary>Why the sidecar closed a connection by itself.</summary>
internal enum ClosingCause
{
    /// <summary>It did not.</summary>
    None = 0,

    /// <summary>The listener was full, of connections that have sent a request.</summary>
    Full,

    /// <summary>The peer's share of the listener was.</summary>
    Peer,

    /// <summary>It had sent no request, and its place went to one that came new.</summary>
    GaveWay,

    /// <summary>It sent no request in time.</summary>
    Silent,

    /// <summary>Its client's certificate does not count any more.</summary>
    Client,
}
