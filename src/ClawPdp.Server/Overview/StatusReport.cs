using System.Globalization;

namespace ClawPdp.Server.Overview;

/// <summary>What a sidecar's metrics say on one screen.</summary>
internal sealed class StatusReport
{
    private const int DenialCountMax = 4;
    private const string Decisions = "clawpdp_decisions_total";

    private readonly MetricsReading _now;
    private readonly MetricsReading? _before;
    private readonly TimeSpan _between;
    private readonly DateTimeOffset _at;

    /// <param name="now">The metrics now.</param>
    /// <param name="at">When that is.</param>
    /// <param name="before">The metrics before, for rates and for durations since then; <see langword="null"/> for none.</param>
    /// <param name="between">How long before.</param>
    public StatusReport(MetricsReading now, DateTimeOffset at, MetricsReading? before = null, TimeSpan between = default)
    {
        _now = now;
        _at = at;
        _before = before;
        _between = between;
    }

    /// <summary>Gets a value indicating whether every part serves.</summary>
    public bool IsHealthy => _now.All("clawpdp_health") is { Count: > 0 } checks && checks.All(static check => check.Value > 0);

    /// <summary>Gives the lines: what each is about, and what is to be said.</summary>
    public IEnumerable<(string Name, string Value)> Lines() =>
    [
        ("sidecar", Sidecar()),
        ("health", Health()),
        ("decisions", AllDecisions()),
        ("denials", Denials()),
        ("policy", Policies()),
        ("tokens", Tokens()),
        ("revocations", $"{StatusWords.Count(_now.Sum("clawpdp_revocations_held"))} held, {StatusWords.Count(_now.Sum("clawpdp_revocations_total"))} new since the start"),
        ("identity providers", Issuers()),
        ("signing keys", Keys()),
        ("ledger", Ledger()),
        ("log", Log()),
        ("calls", Calls()),
        ("failures", Failures()),
    ];

    private static string Join(IEnumerable<string> words) => string.Join(", ", words.Where(static word => word.Length > 0));

    private string Sidecar()
    {
        var version = _now.All("clawpdp_build_info") is [var build, ..] ? build.Label("version") : "";
        var up = _at.ToUnixTimeMilliseconds() / 1e3 - _now.Sum("process_start_time_seconds");
        return Join([version, $"up {StatusWords.Duration(Math.Max(0, up))}", StatusWords.Bytes(_now.Sum("process_resident_memory_bytes")), $"epoch {_now.Sum("clawpdp_epoch").ToString("0", CultureInfo.InvariantCulture)}"]);
    }

    private string Health() => Join(_now.All("clawpdp_health").Select(check =>
    {
        var name = check.Label("check");
        var isWarned = _now.Sum("clawpdp_health_warning", "check", name) > 0;
        return $"{name} {(check.Value == 0 ? "NOT SERVING" : isWarned ? "serving with a warning" : "ok")}";
    }));

    private string AllDecisions()
    {
        var rate = _before is { } before && _between > TimeSpan.Zero && _now.Sum(Decisions) >= before.Sum(Decisions)
            ? ((_now.Sum(Decisions) - before.Sum(Decisions)) / _between.TotalSeconds).ToString("0.#", CultureInfo.InvariantCulture) + " a second"
            : "";
        return Join(
        [
            StatusWords.Count(_now.Sum(Decisions, "effect", "allow")) + " allow",
            StatusWords.Count(_now.Sum(Decisions, "effect", "deny")) + " deny",
            rate,
            StatusWords.Bound("half", _now.Quantile("clawpdp_decision_duration_seconds", 0.5, _before)),
            StatusWords.Bound("99 of 100", _now.Quantile("clawpdp_decision_duration_seconds", 0.99, _before)),
            StatusWords.Count(_now.Sum("clawpdp_decisions_lost_total")) + " records lost",
        ]);
    }

    private string Denials() => Join(_now.All(Decisions)
        .Where(static sample => sample.Has("effect", "deny"))
        .GroupBy(static sample => sample.Label("reason"), static sample => sample.Value, StringComparer.Ordinal)
        .Select(static reason => (Name: reason.Key, Count: reason.Sum()))
        .OrderByDescending(static reason => reason.Count)
        .ThenBy(static reason => reason.Name, StringComparer.Ordinal)
        .Take(DenialCountMax)
        .Select(static reason => $"{reason.Name} {StatusWords.Count(reason.Count)}"));

    private string Policies() => _now.All("clawpdp_policy_info") is { Count: > 0 } policies
        ? Join(policies.Select(static policy => string.Join(' ', new[]
        {
            policy.Label("policy_id"),
            policy.Label("label") is { Length: > 0 } label ? $"({label})" : "",
            policy.Label("policy_hash"),
            policy.Label("audience") is { Length: > 0 } audience ? $"for {audience}" : "",
        }.Where(static word => word.Length > 0))))
        : "none in force";

    private string Tokens() => Join(
    [
        StatusWords.Count(_now.Sum("clawpdp_tokens_issued_total")) + " issued since the start",
        StatusWords.Count(_now.Sum("clawpdp_token_cache_entries")) + " remembered",
        StatusWords.Count(_now.Sum("clawpdp_token_lookups_total", "outcome", "verified")) + " verified",
        StatusWords.Count(_now.Sum("clawpdp_token_lookups_total", "outcome", "refused")) + " refused",
    ]);

    private string Issuers() => Join(_now.All("clawpdp_identity_provider_keys_usable").Select(usable =>
    {
        var issuer = usable.Label("issuer");
        var age = _now.All("clawpdp_identity_provider_keys_age_seconds").FirstOrDefault(sample => sample.Has("issuer", issuer));
        var count = _now.Sum("clawpdp_identity_provider_keys", "issuer", issuer);
        var words = usable.Value > 0 ? $"{StatusWords.Count(count)} {(count is 1 ? "key" : "keys")}" : "NO USABLE KEYS";
        return $"{issuer} {words}" + (age is null ? "" : $", fetched {StatusWords.Duration(age.Value)} ago");
    }));

    private string Keys() => Join(
    [
        .. _now.All("clawpdp_signing_key_age_seconds").Select(static key => $"{key.Label("purpose")} {StatusWords.Duration(key.Value)} old"),
        _now.All("clawpdp_signer_up") is not [var signer, ..] ? ""
            : signer.Value > 0 ? "signer answers"
            : "SIGNER DOES NOT ANSWER, so no token is issued: start it again, `clawpdp doctor` says where",
    ]);

    private string Ledger() => Join(
    [
        _now.Sum("clawpdp_ledger_up") > 0 ? "" : "TAKES NO RECORDS",
        StatusWords.Count(_now.Sum("clawpdp_ledger_records")) + " records",
        StatusWords.Bytes(_now.Sum("clawpdp_ledger_size_bytes")),
        StatusWords.Count(_now.Sum("clawpdp_ledger_queue")) + " waiting",
        StatusWords.Bound("99 of 100 commits", _now.Quantile("clawpdp_ledger_commit_duration_seconds", 0.99, _before)),
        StatusWords.Bytes(_now.Sum("clawpdp_disk_free_bytes")) + " free",
    ]);

    private string Log() => Join(
    [
        StatusWords.Count(_now.Sum("clawpdp_log_entries")) + " entries",
        StatusWords.Count(_now.Sum("clawpdp_log_lag")) + " records to come",
        _now.All("clawpdp_log_checkpoint_age_seconds") is [var age, ..] ? $"last checkpoint {StatusWords.Duration(age.Value)} ago" : "no checkpoint yet",
    ]);

    private string Calls() => Join(
    [
        StatusWords.Count(_now.Sum("clawpdp_calls_open")) + " calls",
        StatusWords.Count(_now.Sum("clawpdp_streams_open")) + " streams",
        StatusWords.Count(_now.Sum("clawpdp_connections_open")) + " connections open",
        StatusWords.Count(_now.Sum("clawpdp_overload_refusals_total")) + " refused for want of room",
    ]);

    private string Failures() => Join(
    [
        StatusWords.Count(_now.Sum("clawpdp_unexpected_failures_total")) + " unexpected",
        StatusWords.Count(_now.Sum("clawpdp_policy_reload_failures_total")) + " policy changes refused",
    ]);
}
