using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Revocations;
using ClawPdp.Ledger;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>Counts the tokens that live, from the issuance records on disk, page by page so that memory stays bounded.</summary>
internal sealed class LiveTokens
{
    private const int PageSize = 256;
    private const int GroupCountMax = 1_000;

    // Missions may be as many as tokens: what no longer fits is in the totals alone.
    private const int TrackedCountMax = 20_000;

    // No configuration lets a token live longer, whatever it was when the token was issued.
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromSeconds(IssuanceSettings.LifetimeLimitSeconds);

    private readonly LedgerStore _ledger;
    private readonly RevocationView _revocations;
    private readonly PolicyActivations _activations;
    private readonly ServerSettings _settings;
    private readonly TimeProvider _time;

    public LiveTokens(LedgerStore ledger, RevocationView revocations, PolicyActivations activations, ServerSettings settings, TimeProvider time)
    {
        _ledger = ledger;
        _revocations = revocations;
        _activations = activations;
        _settings = settings;
        _time = time;
    }

    /// <summary>Counts the tokens of an audience, and those that the activation of a policy for it would strand.</summary>
    /// <param name="audience">The audience; empty stands for every audience that has none of its own.</param>
    /// <param name="policyHash">The policy that would be active.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public LiveTokenCount Count(string audience, string policyHash, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var audiences = audience.Length > 0 ? [audience] : _settings.Audiences.Except(_activations.OwnAudiences, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var groups = new Dictionary<(string Mission, string Group, string Policy), (long Count, DateTimeOffset Last)>();
        var (live, stranded) = (0L, 0L);
        foreach (var issuance in Candidates(now, cancellation))
        {
            var payload = LedgerLineages.PayloadOf(issuance);
            if (!TextsOf(payload.Find("aud")).Any(audiences.Contains) || IsRevoked(issuance))
            {
                continue;
            }

            live++;
            if (issuance.PolicyHash is { Length: > 0 } pin && !string.Equals(pin, policyHash, StringComparison.Ordinal))
            {
                stranded++;
                Add(groups, issuance, pin, TextsOf((payload.Find("identity") ?? payload.Find("parent"))?.Find("groups")));
            }
        }

        return new LiveTokenCount(live, stranded, Order(groups));
    }

    private static void Add(
        Dictionary<(string Mission, string Group, string Policy), (long Count, DateTimeOffset Last)> groups,
        IssuanceRecord issuance,
        string pin,
        IEnumerable<string> names)
    {
        foreach (var name in names.DefaultIfEmpty(""))
        {
            var key = (issuance.MissionId ?? "", name, pin);
            if (groups.TryGetValue(key, out var known))
            {
                groups[key] = (known.Count + 1, known.Last > issuance.ExpiresAt ? known.Last : issuance.ExpiresAt);
            }
            else if (groups.Count < TrackedCountMax)
            {
                groups.Add(key, (1, issuance.ExpiresAt));
            }
        }
    }

    private static ImmutableArray<StrandedGroup> Order(Dictionary<(string Mission, string Group, string Policy), (long Count, DateTimeOffset Last)> groups) =>
    [
        .. groups.Select(static item => new StrandedGroup(item.Key.Mission, item.Key.Group, item.Key.Policy, item.Value.Count, item.Value.Last))
            .OrderByDescending(static group => group.Count)
            .ThenBy(static group => group.MissionId, StringComparer.Ordinal)
            .ThenBy(static group => group.Group, StringComparer.Ordinal)
            .ThenBy(static group => group.PolicyHash, StringComparer.Ordinal)
            .Take(GroupCountMax),
    ];

    private static IEnumerable<string> TextsOf(JsonValue? list) =>
        list?.Items.Where(static item => item.Kind == JsonKind.String).Select(static item => item.Text) ?? [];

    // Newest first, to the first page whose every token is past any lifetime: one record with a wrong clock ends nothing.
    private IEnumerable<IssuanceRecord> Candidates(DateTimeOffset now, CancellationToken cancellation)
    {
        for (long before = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = _ledger.Policies.ReadIssuances(before, PageSize);
            foreach (var (record, _) in page.Where(item => item.Record.ExpiresAt > now))
            {
                yield return record;
            }

            if (page.Length < PageSize || page.All(item => item.Record.IssuedAt < now - LifetimeMax))
            {
                yield break;
            }

            before = page[^1].Sequence;
        }
    }

    // A token whose parents are not known does not count, as if it were revoked.
    private bool IsRevoked(IssuanceRecord issuance)
    {
        var chain = issuance.ParentTokenHash is null ? [issuance] : LedgerLineages.FindIssuances(_ledger, issuance.TokenHash);
        return chain is not { } lineage || _revocations.IsRevoked(RevocableTraits.Of([.. lineage.Select(LedgerLineages.AncestorOf)]));
    }
}
