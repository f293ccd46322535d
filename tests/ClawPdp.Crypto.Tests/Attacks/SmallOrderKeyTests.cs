using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace ClawPdp.Crypto.Tests.Attacks;

/// <summary>Keys under which anybody can sign.</summary>
public sealed class SmallOrderKeyTests
{
    [Fact]
    public void Verify_EachKeyOfTheTable_VerifiesNothing()
    {
        var root = typeof(SmallOrderKeyTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "tests", "testdata", "attacks", "ed25519_keys.json")));
        var keys = document.RootElement.GetProperty("rows").EnumerateArray().Select(static row => Convert.FromHexString(row.GetProperty("key").GetString() ?? "")).ToList();
        foreach (var raw in keys)
        {
            if (!Ed25519PublicKey.TryFromRaw(raw, out var key))
            {
                continue;
            }

            // With a key of order 8 one message in eight would do, and S = 0 makes every message good under the neutral point.
            foreach (var r in keys.Where(static point => point.Length == 32))
            {
                byte[] signature = [.. r, .. new byte[32]];
                Assert.DoesNotContain(Enumerable.Range(0, 32), number => key.Verify(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)), signature));
            }
        }
    }
}
