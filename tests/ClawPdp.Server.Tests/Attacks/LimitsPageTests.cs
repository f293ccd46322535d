using System.Globalization;
using System.Reflection;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Attacks;

/// <summary>What docs/limits.md says.</summary>
public sealed class LimitsPageTests
{
    [Fact]
    public void Page_EveryLimitOfAMessage_StandsThereWithItsValue()
    {
        var lines = Page();
        foreach (var limit in typeof(RequestLimits).GetFields().Where(static field => field.IsLiteral))
        {
            var value = Convert.ToInt32(limit.GetRawConstantValue(), CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

            Assert.True(Array.Exists(lines, line => line.Contains($"| `{limit.Name}` | {value}", StringComparison.Ordinal)), $"{limit.Name} = {value}");
        }
    }

    [Fact]
    public void Page_EveryLimitOfAConnection_StandsThereWithItsDefault()
    {
        var lines = Page();
        var limits = new LimitSettings();
        foreach (var (member, value) in new (string, double)[]
        {
            ("connections", limits.ConnectionsMax), ("streams", limits.StreamsMax), ("header_bytes", limits.HeaderSizeMaxBytes), ("headers", limits.HeaderCountMax),
            ("header_seconds", limits.HeaderTimeout.TotalSeconds), ("handshake_seconds", limits.HandshakeTimeout.TotalSeconds), ("first_request_seconds", limits.FirstRequestTimeout.TotalSeconds), ("idle_seconds", limits.IdleTimeout.TotalSeconds), ("bytes_per_second", limits.BytesPerSecondMin), ("calls", limits.CallsMax), ("revocation_watches", limits.RevocationWatchesMax),
        })
        {
            Assert.True(Array.Exists(lines, line => line.Contains($"| `limits.{member}` | {value.ToString("N0", CultureInfo.InvariantCulture)}", StringComparison.Ordinal)), member);
        }
    }

    private static string[] Page()
    {
        var root = typeof(LimitsPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
        return File.ReadAllLines(Path.Combine(root, "docs", "limits.md"));
    }
}
