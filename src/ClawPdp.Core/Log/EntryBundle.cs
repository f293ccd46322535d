using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ClawPdp.Core.Log;

/// <summary>Entries as they stand in a file: each after its length, two bytes, big-endian (C2SP tlog-tiles).</summary>
public static class EntryBundle
{
    /// <summary>The longest entry.</summary>
    public const int EntrySizeMaxBytes = ushort.MaxValue;

    /// <summary>Writes entries.</summary>
    /// <exception cref="ArgumentException">An entry is too long.</exception>
    public static byte[] Write(IEnumerable<ReadOnlyMemory<byte>> entries)
    {
        var bundle = new ArrayBufferWriter<byte>();
        foreach (var entry in entries)
        {
            if (entry.Length > EntrySizeMaxBytes)
            {
                throw new ArgumentException("an entry is too long", nameof(entries));
            }

            BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(sizeof(ushort)), (ushort)entry.Length);
            bundle.Advance(sizeof(ushort));
            bundle.Write(entry.Span);
        }

        return bundle.WrittenSpan.ToArray();
    }

    /// <summary>Reads entries; <see langword="null"/> when the last one is cut off.</summary>
    public static ImmutableArray<ReadOnlyMemory<byte>>? Read(ReadOnlyMemory<byte> bundle)
    {
        var entries = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (!bundle.IsEmpty)
        {
            if (bundle.Length < sizeof(ushort))
            {
                return null;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            bundle = bundle[sizeof(ushort)..];
            if (bundle.Length < length)
            {
                return null;
            }

            entries.Add(bundle[..length]);
            bundle = bundle[length..];
        }

        return entries.ToImmutable();
    }
}
