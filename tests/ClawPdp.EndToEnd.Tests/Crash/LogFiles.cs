using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>Reads a transparency log's entries as docs/evidence.md section 2 describes them, and holds them against the ledger's records.</summary>
internal static class LogFiles
{
    private const string PartialMark = ".p";

    /// <summary>Checks that the entries stand for every record once and in order, and hold its hash.</summary>
    public static void AssertAgree(string log, IReadOnlyList<byte[]> recordHashes)
    {
        var next = 1L;
        foreach (var entry in Entries(log))
        {
            using var json = JsonDocument.Parse(entry);
            var isBatch = json.RootElement.TryGetProperty("first_sequence", out var first);
            var from = (isBatch ? first : json.RootElement.GetProperty("sequence")).GetInt64();
            var to = isBatch ? json.RootElement.GetProperty("last_sequence").GetInt64() : from;
            Assert.Equal(next, from);
            Assert.True(to <= recordHashes.Count, $"the log speaks of record {to}, and the ledger has {recordHashes.Count}");
            var expected = isBatch ? RootOf([.. recordHashes.Skip((int)from - 1).Take((int)(to - from) + 1)]) : recordHashes[(int)from - 1];
            Assert.Equal(Base64Url.EncodeToString(expected), json.RootElement.GetProperty(isBatch ? "record_root_b64u" : "record_hash_b64u").GetString());
            next = to + 1;
        }

        Assert.Equal(recordHashes.Count + 1L, next);
    }

    private static IEnumerable<string> Entries(string log)
    {
        var root = Path.Combine(log, "tile", "entries");
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .GroupBy(file => NumberOf(Path.GetRelativePath(root, file)))
            .OrderBy(static group => group.Key)
            .Select(static group => group.MaxBy(static file => new FileInfo(file).Length) ?? "");
        foreach (var bytes in files.Select(File.ReadAllBytes))
        {
            for (var place = 0; place < bytes.Length;)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(place));
                yield return Encoding.UTF8.GetString(bytes, place + sizeof(ushort), length);
                place += sizeof(ushort) + length;
            }
        }
    }

    // `x001/234` is tile 1234, and `x001/234.p/56` a part of it (c2sp.org/tlog-tiles).
    private static long NumberOf(string path)
    {
        var partial = path.IndexOf(PartialMark, StringComparison.Ordinal);
        var digits = (partial < 0 ? path : path[..partial]).Where(char.IsAsciiDigit).ToArray();
        return long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    // RFC 6962 section 2.1.
    private static byte[] RootOf(byte[][] leaves)
    {
        if (leaves.Length == 1)
        {
            return SHA256.HashData([0, .. leaves[0]]);
        }

        var half = 1;
        while (half * 2 < leaves.Length)
        {
            half *= 2;
        }

        return SHA256.HashData([1, .. RootOf(leaves[..half]), .. RootOf(leaves[half..])]);
    }
}
