using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Identity.Issuers;

namespace ClawPdp.Identity;

/// <summary>
/// One identity provider, checked: what exists can be used. Ranges and defaults stand at <see cref="IssuerDocument"/>.
/// </summary>
public sealed class IssuerSettings
{
    /// <summary>The most issuers that one server accepts.</summary>
    public const int IssuerCountMax = 32;

    private IssuerSettings(IssuerDocumentReader reader, IssuerDocument document)
    {
        Issuer = reader.Issuer("/issuer", document.Issuer);
        ClientIds = reader.ClientIds("/client_ids", document.ClientIds);
        GroupsClaim = reader.GroupsClaim("/groups_claim", document.GroupsClaim);
        GroupsMax = reader.Count("/groups_max", document.GroupsMax ?? 100, 2, 10_000);
        Algorithms = reader.Algorithms("/algorithms", document.Algorithms);
        ClockSkew = reader.Seconds("/clock_skew_seconds", document.ClockSkewSeconds ?? 60, 0, 300);
        TokenAgeMax = reader.Seconds("/token_age_max_seconds", document.TokenAgeMaxSeconds ?? 86_400, 60, 604_800);
        LastGoodKeysMax = reader.Seconds(
            "/last_good_keys_max_seconds", document.LastGoodKeysMaxSeconds ?? 86_400, 60, 604_800);
        KeyRefreshInterval = reader.Seconds(
            "/key_refresh_interval_seconds", document.KeyRefreshIntervalSeconds ?? 900, 60, 86_400);
        KeyRefreshMinInterval = reader.Seconds(
            "/key_refresh_min_interval_seconds", document.KeyRefreshMinIntervalSeconds ?? 30, 1, 3_600);
        FetchTimeout = reader.Seconds("/fetch_timeout_seconds", document.FetchTimeoutSeconds ?? 5, 1, 60);
        ResponseSizeMaxBytes = reader.Count(
            "/response_size_max_bytes", document.ResponseSizeMaxBytes ?? 524_288, 1_024, 4_194_304);
        AllowPrivateAddresses = document.AllowPrivateAddresses ?? true;
        KeyHosts = reader.KeyHosts("/key_hosts", document.KeyHosts);
        reader.AtMost(
            "/key_refresh_interval_seconds", KeyRefreshInterval, "/last_good_keys_max_seconds", LastGoodKeysMax);
        reader.AtMost(
            "/key_refresh_min_interval_seconds", KeyRefreshMinInterval,
            "/key_refresh_interval_seconds", KeyRefreshInterval);
    }

    /// <summary>Gets the exact <c>iss</c> value; compared ordinally, never normalised.</summary>
    public string Issuer { get; }

    /// <summary>Gets the client ids accepted as audience; at least one.</summary>
    public ImmutableArray<string> ClientIds { get; }

    /// <summary>Gets the exact member name of the groups claim; not a path.</summary>
    public string GroupsClaim { get; }

    /// <summary>Gets the group count from which the list counts as truncated.</summary>
    public int GroupsMax { get; }

    /// <summary>Gets the accepted algorithms (RFC 7518 section 3.1); at least one, never <c>none</c> or HMAC.</summary>
    public ImmutableArray<string> Algorithms { get; }

    /// <summary>Gets the clock difference allowed for on <c>exp</c>, <c>nbf</c> and <c>iat</c>.</summary>
    public TimeSpan ClockSkew { get; }

    /// <summary>Gets how long after <c>iat</c> a token is accepted, the end included.</summary>
    public TimeSpan TokenAgeMax { get; }

    /// <summary>Gets how long keys outlive the start of their last successful fetch, the end included.</summary>
    public TimeSpan LastGoodKeysMax { get; }

    /// <summary>Gets the time between the starts of scheduled fetches.</summary>
    public TimeSpan KeyRefreshInterval { get; }

    /// <summary>Gets the least time between the starts of two fetches that requests cause.</summary>
    public TimeSpan KeyRefreshMinInterval { get; }

    /// <summary>Gets the time for one fetch, discovery and keys together.</summary>
    public TimeSpan FetchTimeout { get; }

    /// <summary>Gets the largest discovery or key document read.</summary>
    public int ResponseSizeMaxBytes { get; }

    /// <summary>Gets a value indicating whether the issuer may be on a private network.</summary>
    public bool AllowPrivateAddresses { get; }

    /// <summary>
    /// Gets the hosts beside the issuer's own that its keys may lie on, in the form of <see cref="Uri.IdnHost"/>;
    /// <see langword="null"/> for any.
    /// </summary>
    public ImmutableArray<string>? KeyHosts { get; }

    /// <summary>Checks one issuer.</summary>
    /// <returns>The settings, or every fault with a pointer relative to <paramref name="document"/>.</returns>
    public static Result<IssuerSettings> Create(IssuerDocument document)
    {
        var reader = new IssuerDocumentReader();
        var settings = new IssuerSettings(reader, document);
        var faults = reader.Faults;
        return faults.IsEmpty ? Result.Valid(settings) : Result.Invalid<IssuerSettings>(faults);
    }

    /// <summary>Checks a list of issuers: 1 to <see cref="IssuerCountMax"/>, no two with the same <c>iss</c>.</summary>
    /// <returns>The settings in order, or every fault with a pointer relative to the list, such as
    /// <c>/0/issuer</c>.</returns>
    public static Result<IReadOnlyList<IssuerSettings>> CreateAll(IReadOnlyList<IssuerDocument> documents)
    {
        if (documents.Count is 0 or > IssuerCountMax)
        {
            return Result.Invalid<IReadOnlyList<IssuerSettings>>("", $"there must be 1 to {IssuerCountMax} issuers");
        }

        var settings = new List<IssuerSettings>(documents.Count);
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < documents.Count; index++)
        {
            var created = Create(documents[index]);
            if (!created.TryGet(out var value))
            {
                faults.AddRange(created.Faults.Select(fault => fault with { Pointer = $"/{index}{fault.Pointer}" }));
            }
            else if (!seen.Add(value.Issuer))
            {
                faults.Add(new Fault($"/{index}/issuer", "the issuer is configured twice"));
            }
            else
            {
                settings.Add(value);
            }
        }

        return faults.Count == 0
            ? Result.Valid<IReadOnlyList<IssuerSettings>>(settings.AsReadOnly())
            : Result.Invalid<IReadOnlyList<IssuerSettings>>(faults.DrainToImmutable());
    }
}
