using ClawPdp.Server.Overview;

namespace ClawPdp.Server.Tests.Telemetry;

public sealed class StatusReportTests
{
    [Fact]
    public void Lines_PartsAndProvidersThatDoNotServe_SaySo()
    {
        var report = new StatusReport(
            MetricsReading.Parse("""
                clawpdp_health{check="decision"} 1
                clawpdp_health{check="issuance"} 0
                clawpdp_health_warning{check="decision"} 1
                clawpdp_identity_provider_keys_usable{issuer="https://idp.example"} 0
                clawpdp_ledger_up 0
                clawpdp_signing_key_age_seconds{purpose="token"} 60
                clawpdp_signer_up 0
                """),
            DateTimeOffset.UnixEpoch);

        var lines = report.Lines().ToDictionary(static line => line.Name, static line => line.Value, StringComparer.Ordinal);

        Assert.False(report.IsHealthy);
        Assert.Equal("decision serving, with a warning, issuance NOT SERVING", lines["health"]);
        Assert.Equal("https://idp.example NO USABLE KEYS", lines["identity providers"]);
        Assert.Contains("SIGNER DOES NOT ANSWER, so no token is issued", lines["signing keys"], StringComparison.Ordinal);
        Assert.StartsWith("TAKES NO RECORDS", lines["ledger"], StringComparison.Ordinal);
        Assert.Equal("none in force", lines["policy"]);
    }

    [Fact]
    public void Lines_AfterTwoLooks_HaveARate()
    {
        var before = MetricsReading.Parse("""clawpdp_decisions_total{door="batch",effect="allow",reason="ALLOWED"} 10""");
        var now = MetricsReading.Parse("""
            clawpdp_decisions_total{door="batch",effect="allow",reason="ALLOWED"} 20
            clawpdp_decisions_total{door="batch",effect="deny",reason="TOKEN_REQUIRED"} 4
            clawpdp_decision_duration_seconds_bucket{door="batch",le="0.00001"} 12
            clawpdp_decision_duration_seconds_bucket{door="batch",le="0.001"} 24
            clawpdp_decision_duration_seconds_bucket{door="batch",le="+Inf"} 24
            """);

        var lines = new StatusReport(now, DateTimeOffset.UnixEpoch, before, TimeSpan.FromSeconds(2)).Lines().ToDictionary(static line => line.Name, static line => line.Value, StringComparer.Ordinal);

        Assert.Equal("20 allow, 4 deny, 7 a second, half within 10 µs, 99 of 100 within 1 ms, 0 records lost", lines["decisions"]);
        Assert.Equal("TOKEN_REQUIRED 4", lines["denials"]);
    }

    [Fact]
    public void IsHealthy_NoMetrics_IsFalse() => Assert.False(new StatusReport(MetricsReading.Parse("anything\nelse {"), DateTimeOffset.UnixEpoch).IsHealthy);
}
