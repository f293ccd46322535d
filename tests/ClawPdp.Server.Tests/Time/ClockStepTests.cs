using System.Globalization;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Tests.Time;

/// <summary>The system's clock is set forward and back under a running sidecar.</summary>
public sealed class ClockStepTests
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    [Fact]
    public async Task Authorize_ClockADayForwardAndBack_ExpiredTokensStayExpiredAndNewOnesAreGood()
    {
        await using var sidecar = new SteadySidecar();
        await sidecar.InitializeAsync();
        var start = sidecar.System.GetUtcNow();
        var early = await sidecar.TokenOfAsync("alice");
        Assert.Equal(ReasonCode.Allowed, await AskAsync(sidecar, early));

        sidecar.System.Set(start.AddDays(1));
        Assert.Equal(ReasonCode.TokenExpired, await AskAsync(sidecar, early));
        var late = await sidecar.TokenOfAsync("alice");
        Assert.Equal(ReasonCode.Allowed, await AskAsync(sidecar, late));

        sidecar.System.Set(start);
        Assert.Equal(ReasonCode.TokenExpired, await AskAsync(sidecar, early));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(sidecar, late));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(sidecar, await sidecar.TokenOfAsync("alice")));
        var health = await sidecar.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Contains("the system's clock was set back by 86400 s", health.Entries[HealthNames.Decision].Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, health.Entries[HealthNames.Decision].Status);

        // It lives as long as it would have, though the clock stands a day back.
        sidecar.System.Advance(TimeSpan.FromHours(2));
        Assert.Equal(ReasonCode.TokenExpired, await AskAsync(sidecar, late));
    }

    [Fact]
    public async Task Revoke_ClockSetBackAfterwards_HoldsAndRecordsNeverGoBackInTime()
    {
        await using var sidecar = new SteadySidecar();
        await sidecar.InitializeAsync();
        var start = sidecar.System.GetUtcNow();
        var token = await sidecar.TokenOfAsync("alice");
        var other = await sidecar.TokenOfAsync("alice");

        for (var round = 0; round < 6; round++)
        {
            sidecar.System.Set(start.AddMinutes(round % 2 == 0 ? round : -60 * round));
            var signed = await sidecar.Client.Receipts.SignReceiptAsync(new SignReceiptRequest
            {
                Cst = other,
                RunId = "run-steps",
                Nonce = string.Create(CultureInfo.InvariantCulture, $"n{round}"),
                ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
            });
            Assert.NotNull(signed.Receipt);
        }

        await sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token });
        sidecar.System.Set(start.AddDays(-3));
        Assert.Equal(ReasonCode.TokenRevoked, await AskAsync(sidecar, token));
        var ledger = sidecar.Services.GetRequiredService<LedgerStore>();
        var times = ledger.ReadRecords(1, 1000).Select(TimeOf).OfType<string>().ToList();

        Assert.True(times.Count > 10);
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
    }

    private static async Task<ReasonCode> AskAsync(SteadySidecar sidecar, string token) =>
        (await sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github", PolicyHash = sidecar.Installation.PolicyHash })).ReasonCode;

    // Decisions come to disk a moment after they are made, beside what is written at once: their order is not that of the records.
    private static string? TimeOf(LedgerRecord record)
    {
        if (record.Kind == RecordKind.Decision)
        {
            return null;
        }

        using var content = System.Text.Json.JsonDocument.Parse(record.Content);
        string[] names = ["signed_at", "issued_at", "revoked_at", "refused_at", "recorded_at", "started_at", "sealed_at", "activated_at"];
        return names.Select(name => content.RootElement.TryGetProperty(name, out var member) ? member.GetString() : null).FirstOrDefault(static text => text is not null);
    }
}
