using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Identity;

namespace ClawPdp.Server.Settings;

/// <summary>Reads the list of identity providers.</summary>
internal static class IssuersReader
{
    private const int ClientCountMax = 64;
    private const int TextLengthMax = 512;
    private const int AlgorithmCountMax = 16;
    private const int KeyHostCountMax = 16;

    /// <summary>Reads the list; every fault goes to the document's.</summary>
    public static ImmutableArray<IssuerSettings> Read(JsonCursor? list)
    {
        var issuers = ImmutableArray.CreateBuilder<IssuerSettings>();
        foreach (var item in list?.AsArray(IssuerSettings.IssuerCountMax, 1) ?? [])
        {
            if (ReadOne(item) is not { } settings)
            {
                continue;
            }

            if (issuers.Any(other => string.Equals(other.Issuer, settings.Issuer, StringComparison.Ordinal)))
            {
                item.Refuse("the issuer is configured twice");
            }

            issuers.Add(settings);
        }

        return issuers.ToImmutable();
    }

    private static IssuerSettings? ReadOne(JsonCursor item)
    {
        if (!item.IsObjectOf(
            "issuer",
            "client_ids",
            "groups_claim",
            "groups_max",
            "algorithms",
            "clock_skew_seconds",
            "token_age_max_seconds",
            "last_good_keys_max_seconds",
            "key_refresh_interval_seconds",
            "key_refresh_min_interval_seconds",
            "fetch_timeout_seconds",
            "response_size_max_bytes",
            "allow_private_addresses",
            "key_hosts"))
        {
            return null;
        }

        var document = new IssuerDocument
        {
            Issuer = item.Required("issuer")?.AsText(TextLengthMax),
            ClientIds = Texts(item.Required("client_ids"), ClientCountMax),
            GroupsClaim = item.Optional("groups_claim")?.AsText(TextLengthMax),
            GroupsMax = Number(item, "groups_max"),
            Algorithms = Texts(item.Optional("algorithms"), AlgorithmCountMax),
            ClockSkewSeconds = Number(item, "clock_skew_seconds"),
            TokenAgeMaxSeconds = Number(item, "token_age_max_seconds"),
            LastGoodKeysMaxSeconds = Number(item, "last_good_keys_max_seconds"),
            KeyRefreshIntervalSeconds = Number(item, "key_refresh_interval_seconds"),
            KeyRefreshMinIntervalSeconds = Number(item, "key_refresh_min_interval_seconds"),
            FetchTimeoutSeconds = Number(item, "fetch_timeout_seconds"),
            ResponseSizeMaxBytes = Number(item, "response_size_max_bytes"),
            AllowPrivateAddresses = item.Optional("allow_private_addresses")?.AsBoolean(),
            KeyHosts = Texts(item.Optional("key_hosts"), KeyHostCountMax, countMin: 0),
        };
        var created = IssuerSettings.Create(document);
        foreach (var fault in created.Faults)
        {
            var member = item.Optional(fault.Pointer.Split('/').ElementAtOrDefault(1) ?? "") ?? item;
            member.Refuse(fault.Message, fault.Hint);
        }

        return created.IsValid ? created.Value : null;
    }

    private static int? Number(JsonCursor item, string name) => (int?)item.Optional(name)?.AsInteger(0, int.MaxValue);

    private static IReadOnlyList<string?>? Texts(JsonCursor? list, int countMax, int countMin = 1) =>
        list is null ? null : [.. list.AsArray(countMax, countMin).Select(static item => item.AsText(TextLengthMax))];
}
