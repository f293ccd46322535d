using System.Buffers.Binary;
using System.IO.Compression;

namespace ClawPdp.Bench.Histograms;

/// <summary>
/// HdrHistogram's compressed form V2, in base64, which the libraries of that name read.
/// </summary>
/// <remarks>
/// <code>
/// 0  cookie 0x1c849314   4  length of what follows   8  zlib of:
///    0  cookie 0x1c849313   4  length of the counts   8  normalising offset, 0   12  significant digits
///    16 lowest value, 8 bytes   24 highest value, 8 bytes   32 conversion ratio, a double   40 counts
/// </code>
/// All big-endian. A count is a ZigZag LEB128 of at most nine bytes; a negative one stands for so many buckets that are empty.
/// </remarks>
public static class HistogramCodec
{
    private const uint CompressedCookie = 0x1c849314;
    private const uint PlainCookie = 0x1c849313;
    private const int OuterLength = 8;
    private const int HeaderLength = 40;
    private const int NumberLengthMax = 9;

    /// <summary>The longest text that is read, in characters.</summary>
    public const int TextLengthMax = 1024 * 1024;

    /// <summary>Writes a histogram.</summary>
    public static string Encode(LatencyHistogram histogram)
    {
        using var plain = new MemoryStream();
        plain.Write(new byte[HeaderLength]);
        WriteCounts(plain, histogram.Counts);
        var bytes = plain.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, PlainCookie);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - HeaderLength);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), LatencyHistogram.SignificantDigits);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), 1);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), LatencyHistogram.HighestNanoseconds);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(32), 1);

        using var whole = new MemoryStream();
        whole.Write(new byte[OuterLength]);
        using (var zlib = new ZLibStream(whole, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        var compressed = whole.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(compressed, CompressedCookie);
        BinaryPrimitives.WriteInt32BigEndian(compressed.AsSpan(4), compressed.Length - OuterLength);
        return Convert.ToBase64String(compressed);
    }

    /// <summary>Reads the counts of a histogram of this tool: nanoseconds, three digits, up to an hour.</summary>
    /// <param name="text">The base64 text.</param>
    /// <returns>The counts; <see langword="null"/> where it is no such histogram.</returns>
    public static long[]? Decode(string text)
    {
        if (text.Length > TextLengthMax)
        {
            return null;
        }

        try
        {
            var compressed = Convert.FromBase64String(text);
            var isWhole = compressed.Length > OuterLength
                && BinaryPrimitives.ReadUInt32BigEndian(compressed) == CompressedCookie
                && BinaryPrimitives.ReadInt32BigEndian(compressed.AsSpan(4)) == compressed.Length - OuterLength;
            return isWhole ? Read(Inflate(compressed)) : null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Inflate(byte[] compressed)
    {
        // Bounded by what the fullest histogram can need, so that a small file cannot ask for much memory.
        const int PlainMax = HeaderLength + (LatencyHistogram.BucketCount * NumberLengthMax);
        using var source = new MemoryStream(compressed, OuterLength, compressed.Length - OuterLength);
        using var zlib = new ZLibStream(source, CompressionMode.Decompress);
        var plain = new byte[PlainMax];
        var length = zlib.ReadAtLeast(plain, PlainMax, throwOnEndOfStream: false);
        return plain[..length];
    }

    private static long[]? Read(byte[] plain)
    {
        if (plain.Length < HeaderLength
            || BinaryPrimitives.ReadUInt32BigEndian(plain) != PlainCookie
            || BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(4)) != plain.Length - HeaderLength
            || BinaryPrimitives.ReadInt32BigEndian(plain.AsSpan(12)) != LatencyHistogram.SignificantDigits
            || BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(24)) != LatencyHistogram.HighestNanoseconds)
        {
            return null;
        }

        var counts = new long[LatencyHistogram.BucketCount];
        var index = 0;
        var rest = (ReadOnlySpan<byte>)plain.AsSpan(HeaderLength);
        while (!rest.IsEmpty)
        {
            var number = ReadNumber(ref rest);
            if (number is null or long.MinValue)
            {
                return null;
            }

            var isRun = number < 0;
            if ((isRun ? -number.Value : 1) > counts.Length - index)
            {
                return null;
            }

            if (!isRun)
            {
                counts[index] = number.Value;
            }

            index += isRun ? (int)-number.Value : 1;
        }

        return counts;
    }

    private static void WriteCounts(MemoryStream stream, ReadOnlySpan<long> counts)
    {
        var end = counts.LastIndexOfAnyExcept(0) + 1;
        for (var index = 0; index < end;)
        {
            var empty = counts[index..end].IndexOfAnyExcept(0);
            WriteNumber(stream, empty > 0 ? -empty : counts[index]);
            index += Math.Max(1, empty);
        }
    }

    private static void WriteNumber(MemoryStream stream, long number)
    {
        var rest = (ulong)((number << 1) ^ (number >> 63));
        for (var written = 1; rest >= 0x80 && written < NumberLengthMax; written++)
        {
            stream.WriteByte((byte)((rest & 0x7f) | 0x80));
            rest >>= 7;
        }

        stream.WriteByte((byte)(rest & 0xff));
    }

    private static long? ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (var index = 0; index < NumberLengthMax && index < rest.Length; index++)
        {
            // The ninth byte has all its eight bits.
            var isLast = index == NumberLengthMax - 1 || rest[index] < 0x80;
            value |= (ulong)(isLast ? rest[index] : rest[index] & 0x7f) << (7 * index);
            if (isLast)
            {
                rest = rest[(index + 1)..];
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        return null;
    }
}
