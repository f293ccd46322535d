using System.Text.Json;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Attacks;

/// <summary>Every text of the table, at the reader and at what is built on it.</summary>
public sealed class AttackJsonTests
{
    private const int SizeMax = 1024 * 1024;

    [Fact]
    public void Parse_EachRow_IsReadOrRefusedAsTheTableSays()
    {
        var rows = AttackRows.Read("json.json");
        Assert.InRange(rows.Count, 120, int.MaxValue);
        foreach (var row in rows)
        {
            var text = BytesOf(row);
            var parsed = JsonReader.Parse(text, SizeMax);

            Assert.True(row.GetProperty("read").GetBoolean() == parsed.IsValid, AttackRows.Text(row, "name"));
            if (parsed.TryGet(out var value))
            {
                var written = JsonWriter.WriteCanonical(value);
                Assert.Equal(written, JsonWriter.WriteCanonical(JsonReader.Parse(written, SizeMax).Value));
            }
        }
    }

    [Fact]
    public void Load_EachRowAsADocument_IsRefusedWithFaults()
    {
        foreach (var row in AttackRows.Read("json.json"))
        {
            var text = BytesOf(row);

            Assert.NotEmpty(WpcLoader.Load(text).Faults);
            Assert.NotEmpty(ScopeMappingLoader.Load(text, new ScopeMappingOptions()).Faults);
        }
    }

    private static byte[] BytesOf(JsonElement row)
    {
        if (row.TryGetProperty("hex", out var hex))
        {
            return Convert.FromHexString(hex.GetString() ?? "");
        }

        if (!row.TryGetProperty("nest", out var nest))
        {
            return System.Text.Encoding.UTF8.GetBytes(AttackRows.Text(row, "text"));
        }

        var depth = nest.GetProperty("depth").GetInt32();
        var repeated = (string name) => string.Concat(Enumerable.Repeat(AttackRows.Text(nest, name), depth));
        return System.Text.Encoding.UTF8.GetBytes(repeated("open") + AttackRows.Text(nest, "middle") + repeated("close"));
    }
}
