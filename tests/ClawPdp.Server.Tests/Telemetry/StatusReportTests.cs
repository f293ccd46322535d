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
        Assert.Equal("decision serving with a warning, issuance NOT SERVING", lines["health"]);
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
    public void Lines_AfterARestartBetweenTwoLooks_HaveNoRate()
    {
        var before = MetricsReading.Parse("""clawpdp_decisions_total{door="batch",effect="allow",reason="ALLOWED"} 10""");
        var now = MetricsReading.Parse("""clawpdp_decisions_total{door="batch",effect="allow",reason="ALLOWED"} 2""");

        var decisions = new StatusReport(now, DateTimeOffset.UnixEpoch, before, TimeSpan.FromSeconds(2)).Lines().Single(static line => line.Name == "decisions");

        Assert.Equal("2 allow, 0 deny, 0 records lost", decisions.Value);
    }

    [Fact]
    public void Quantile_AfterAnEarlierLook_IsOfWhatCameSince()
    {
        const string Slow = "d_bucket{le=\"0.001\"} 0\nd_bucket{le=\"1\"} 100\nd_bucket{le=\"+Inf\"} 100";
        const string ThenFast = "d_bucket{le=\"0.001\"} 50\nd_bucket{le=\"1\"} 150\nd_bucket{le=\"+Inf\"} 150";
        var (before, now) = (MetricsReading.Parse(Slow), MetricsReading.Parse(ThenFast));

        Assert.Equal((1d, 0.001), (now.Quantile("d", 0.99), now.Quantile("d", 0.99, before)));
        Assert.Null(now.Quantile("d", 0.99, now));
    }

    [Fact]
    public void Layout_NarrowTerminal_BreaksBetweenPartsAndKeepsTheColumn()
    {
        var lines = StatusLayout.Lines("ledger", "65 records, 1013.9 KiB, 0 waiting, 99 of 100 commits within 100 ms, 60.7 GiB free", 80).ToList();

        Assert.Equal(["ledger              65 records, 1013.9 KiB, 0 waiting,", "                    99 of 100 commits within 100 ms, 60.7 GiB free"], lines);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(200)]
    public void Layout_NoTerminalOrOneThatIsWideOrHopeless_IsOneLine(int width) =>
        Assert.Single(StatusLayout.Lines("denials", "TOOL_NOT_ALLOWED 4, EGRESS_NOT_ALLOWED 2, HOST_INVALID 1, MODEL_NOT_ALLOWED 1", width));

    [Fact]
    public void Layout_PartThatIsTooWide_IsBrokenAtASpaceAndNothingIsLost()
    {
        const string Policy = "pol_demo_v1 (deploy-approval-v3) xy44V7ZV_CTq7gkLm0qVKS5NmZr-ZNKY_zjWzDaxzYs for an-audience-with-a-name";

        var lines = StatusLayout.Lines("policy", Policy, 80).ToList();

        Assert.All(lines, static line => Assert.InRange(line.Length, 21, 80));
        Assert.Equal(Policy, string.Join(' ', lines.Select(static line => line[20..])));
    }

    [Fact]
    public void IsHealthy_NoMetrics_IsFalse() => Assert.False(new StatusReport(MetricsReading.Parse("anything\nelse {"), DateTimeOffset.UnixEpoch).IsHealthy);
}
