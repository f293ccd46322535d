namespace ClawPdp.Identity;

/// <summary>
/// One identity provider as the operator writes it, unchecked; a <see langword="null"/> member takes its default.
/// Pointers of faults name members in snake case, such as <c>/client_ids/0</c>.
/// </summary>
public sealed class IssuerDocument
{
    /// <summary>Gets the exact <c>iss</c> value: an https URL, or http on a loopback host. Required.</summary>
    public string? Issuer { get; init; }

    /// <summary>Gets the client ids accepted as audience: 1 to 32. Required.</summary>
    public IReadOnlyList<string?>? ClientIds { get; init; }

    /// <summary>Gets the exact name of the groups claim; default <c>groups</c>.</summary>
    public string? GroupsClaim { get; init; }

    /// <summary>Gets the group count from which the list counts as truncated: 2 to 10,000, default 100.</summary>
    public int? GroupsMax { get; init; }

    /// <summary>
    /// Gets the accepted algorithms, out of RS, PS and ES with 256, 384 and 512; default RS256, PS256, ES256.
    /// </summary>
    public IReadOnlyList<string?>? Algorithms { get; init; }

    /// <summary>Gets the clock difference allowed for: 0 to 300 seconds, default 60.</summary>
    public int? ClockSkewSeconds { get; init; }

    /// <summary>Gets how long after <c>iat</c> a token is accepted: 60 to 604,800 seconds, default 86,400.</summary>
    public int? TokenAgeMaxSeconds { get; init; }

    /// <summary>
    /// Gets how long keys outlive their last successful fetch: 60 to 604,800 seconds, default 86,400.
    /// </summary>
    public int? LastGoodKeysMaxSeconds { get; init; }

    /// <summary>Gets the time between scheduled fetches: 60 to 86,400 seconds, default 900.</summary>
    public int? KeyRefreshIntervalSeconds { get; init; }

    /// <summary>Gets the least time between fetches that requests cause: 1 to 3,600 seconds, default 30.</summary>
    public int? KeyRefreshMinIntervalSeconds { get; init; }

    /// <summary>Gets the time for one fetch, discovery and keys together: 1 to 60 seconds, default 5.</summary>
    public int? FetchTimeoutSeconds { get; init; }

    /// <summary>Gets the largest discovery or key document read: 1,024 to 4,194,304 bytes, default 524,288.</summary>
    public int? ResponseSizeMaxBytes { get; init; }

    /// <summary>
    /// Gets whether the issuer may be on a private network (RFC 1918, RFC 6598, RFC 4193); default yes. Link-local and
    /// cloud-metadata addresses never are asked, and this host only for an issuer on it.
    /// </summary>
    public bool? AllowPrivateAddresses { get; init; }

    /// <summary>
    /// Gets the hosts beside the issuer's own that its keys may lie on, as host names or addresses without a port: 0 to
    /// 16; default any host that the issuer names.
    /// </summary>
    public IReadOnlyList<string?>? KeyHosts { get; init; }
}
