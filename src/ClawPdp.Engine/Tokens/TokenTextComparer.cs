using System.Buffers.Binary;

namespace ClawPdp.Engine.Tokens;

/// <summary>
/// Compares tokens by their whole text. The hash is taken from the signature alone: only tokens whose signature held are stored, so
/// nobody can choose it, and a text with the signature of another one is another text.
/// </summary>
internal sealed class TokenTextComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    // Where in the text, counted from its end, the hash is read: within the 86 characters of the signature.
    private const int FirstFromEnd = 64;
    private const int SecondFromEnd = 32;

    private TokenTextComparer()
    {
    }

    public static TokenTextComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        if (alternate.Length < FirstFromEnd)
        {
            return alternate.Length;
        }

        var tail = alternate[^FirstFromEnd..];
        return HashCode.Combine(
            BinaryPrimitives.ReadUInt64LittleEndian(tail),
            BinaryPrimitives.ReadUInt64LittleEndian(tail[SecondFromEnd..]),
            alternate.Length);
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
