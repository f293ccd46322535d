using System.Globalization;

namespace ClawPdp.Core.Log;

/// <summary>What a log commits to (C2SP tlog-checkpoint): its origin, a size and the root of the tree of that size.</summary>
/// <param name="Origin">The name of the log and of its key: no white space, no plus sign.</param>
/// <param name="Size">The number of entries.</param>
/// <param name="Root">The RFC 6962 root, 32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root)
{
    private const int RootSizeBytes = 32;

    /// <summary>Gives the text that is signed: three lines.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.Span)}\n");

    /// <summary>Reads the text of a note; <see langword="null"/> when it is no checkpoint, or has lines of its own beside the three.</summary>
    public static Checkpoint? Parse(string text)
    {
        if (text.Split('\n') is not [var origin, var size, var root, ""] || !SignedNote.IsName(origin))
        {
            return null;
        }

        // One spelling alone: no sign, no leading zero.
        return long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && string.Equals(number.ToString(CultureInfo.InvariantCulture), size, StringComparison.Ordinal)
            && StrictBase64.TryDecode(root, out var bytes)
            && bytes.Length == RootSizeBytes
                ? new Checkpoint(origin, number, bytes)
                : null;
    }

    /// <inheritdoc/>
    public bool Equals(Checkpoint? other) => other is not null && string.Equals(ToText(), other.ToText(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToText());
}
