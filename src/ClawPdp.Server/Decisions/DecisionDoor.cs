namespace ClawPdp.Server.Decisions;

/// <summary>The way by which a question came.</summary>
internal enum DecisionDoor
{
    /// <summary>The single Authorize of the contract.</summary>
    Authorize = 0,

    /// <summary>AuthorizeBatch.</summary>
    Batch = 1,

    /// <summary>AuthorizeStream.</summary>
    Stream = 2,

    /// <summary>AuthZEN.</summary>
    AuthZen = 3,

    /// <summary>Envoy's ext_authz.</summary>
    Envoy = 4,

    /// <summary>The gateway's ExtMcp.</summary>
    ExtMcp = 5,

    /// <summary>Proxies that ask over HTTP.</summary>
    ForwardAuth = 6,
}
