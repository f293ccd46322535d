using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Log;

/// <summary>A proof in a file (<c>c2sp.org/tlog-proof@v1</c>, extension <c>.tlog-proof</c>): an entry's place, its path and the checkpoint.</summary>
/// <param name="Index">The entry's place in the log, from 0.</param>
/// <param name="Path">The hashes from the leaf to the root.</param>
/// <param name="Checkpoint">The signed note.</param>
/// <param name="Extra">Bytes that nothing authenticates; <see langword="null"/> for none.</param>
public sealed record TransparencyProof(long Index, ImmutableArray<byte[]> Path, string Checkpoint, ReadOnlyMemory<byte>? Extra = null)
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";
    private const string ExtraPrefix = "extra ";
    private const string IndexPrefix = "index ";
    private const int HashSizeBytes = 32;

    /// <summary>Writes the file.</summary>
    public string ToText()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        if (Extra is { } extra)
        {
            text.Append(ExtraPrefix).Append(Convert.ToBase64String(extra.Span)).Append('\n');
        }

        text.Append(IndexPrefix).Append(Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Path)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return text.Append('\n').Append(Checkpoint).ToString();
    }

    /// <summary>Reads a file; <see langword="null"/> when it is none.</summary>
    public static TransparencyProof? Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var lines = new Queue<string>(text[..end].Split('\n'));
        if (lines.Dequeue() is not FirstLine)
        {
            return null;
        }

        byte[]? extra = null;
        if (lines.TryPeek(out var next) && next.StartsWith(ExtraPrefix, StringComparison.Ordinal) && !StrictBase64.TryDecode(lines.Dequeue()[ExtraPrefix.Length..], out extra))
        {
            return null;
        }

        if (!lines.TryDequeue(out var index) || ParseIndex(index) is not { } place)
        {
            return null;
        }

        var path = ImmutableArray.CreateBuilder<byte[]>();
        foreach (var line in lines)
        {
            if (!StrictBase64.TryDecode(line, out var hash) || hash.Length != HashSizeBytes)
            {
                return null;
            }

            path.Add(hash);
        }

        return new TransparencyProof(place, path.ToImmutable(), text[(end + 2)..], extra is null ? default(ReadOnlyMemory<byte>?) : extra);
    }

    private static long? ParseIndex(string line) =>
        line.StartsWith(IndexPrefix, StringComparison.Ordinal)
            && long.TryParse(line[IndexPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && string.Equals(number.ToString(CultureInfo.InvariantCulture), line[IndexPrefix.Length..], StringComparison.Ordinal)
                ? number
                : null;
}
