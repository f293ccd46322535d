namespace ClawPdp.Identity;

/// <summary>How far an issuer's keys can be relied on.</summary>
public enum IssuerState
{
    /// <summary>No fetch has ended yet: tokens wait for the first.</summary>
    Pending = 0,

    /// <summary>The last fetch succeeded.</summary>
    Healthy = 1,

    /// <summary>The last fetch failed; the last good keys are still within their bound and in use.</summary>
    Degraded = 2,

    /// <summary>The last good keys are past their bound: every token is refused.</summary>
    Stale = 3,

    /// <summary>No fetch has ever succeeded: every token is refused.</summary>
    Unavailable = 4,
}
