using System.Reflection;
using System.Text.Json;
using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests.Attacks;

/// <summary>Every ID token of the table.</summary>
public sealed class AttackIdTokenTests
{
    [Fact]
    public async Task Validate_EachRow_GivesTheReasonOfTheTable()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.Rsa1.Jwk(), SigningKey.P256.Jwk()];
        var root = typeof(AttackIdTokenTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
        var bytes = await File.ReadAllBytesAsync(Path.Combine(root, "tests", "testdata", "attacks", "id_tokens.json"), TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(bytes);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.InRange(rows.Count, 150, int.MaxValue);
        foreach (var row in rows)
        {
            var result = await bed.ValidateAsync(ForgedIdToken.Make(row, bed));
            var outcome = result is IdentityRefusal refusal ? refusal.Code.ToString() : "ACCEPTED";

            Assert.True(string.Equals(row.GetProperty("expect").GetString(), outcome, StringComparison.Ordinal), $"{row.GetProperty("name")}: {outcome}");
        }

        // None of them made us ask anyone but the issuer, and of it no more than the first time and once for what it does not know.
        Assert.InRange(bed.Provider.KeySetCount, 1, 2);
    }
}
