using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Crypto;
using ClawPdp.TransparencyLog.Storage;

namespace ClawPdp.TransparencyLog;

/// <summary>A published log, for reading and proving. Not safe for concurrent use.</summary>
public sealed class LogSnapshot
{
    private readonly LogFiles _files;
    private readonly TileNodes _nodes;
    private readonly Func<PurposeKey> _signer;
    private readonly Dictionary<long, ReadOnlyMemory<byte>[]> _bundles = [];
    private readonly Dictionary<long, LogEntry> _entries = [];
    private ReceiptTree? _receipts;

    internal LogSnapshot(LogFiles files, SignedHead head, string note, Func<PurposeKey> signer)
    {
        _files = files;
        _nodes = new TileNodes(files, head.Size);
        _signer = signer;
        Head = head;
        Checkpoint = note;
    }

    /// <summary>Gets what was signed.</summary>
    public SignedHead Head { get; }

    /// <summary>Gets the signed note.</summary>
    public string Checkpoint { get; }

    /// <summary>Gives an entry's bytes.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public ReadOnlyMemory<byte> ReadEntry(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Head.Size);
        var number = index / TileLayout.Width;
        if (!_bundles.TryGetValue(number, out var bundle))
        {
            var address = new TileAddress(TileLayout.EntriesLevel, number, (int)Math.Min(TileLayout.Width, Head.Size - (number * TileLayout.Width)));
            bundle = _files.ReadEntries(address) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(address)}` is missing or damaged");
            _bundles.Add(number, bundle);
        }

        return bundle[index % TileLayout.Width];
    }

    /// <summary>Finds the entry that covers a record.</summary>
    /// <returns>Its place; -1 when the log does not cover the record yet.</returns>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public long FindEntryOf(long sequence)
    {
        if (sequence < 1 || sequence > Head.LastSequence)
        {
            return -1;
        }

        var (low, high) = (0L, Head.Size - 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var isBefore = EntryAt(middle).LastSequence < sequence;
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Gives an entry.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public LogEntry EntryAt(long index)
    {
        // Looking for the entries of many records reads the same ones again and again.
        if (!_entries.TryGetValue(index, out var entry))
        {
            entry = LogEntry.Parse(ReadEntry(index).Span) ?? throw new LogDamagedException($"entry {index} cannot be read");
            _entries.Add(index, entry);
        }

        return entry;
    }

    /// <summary>Gives the path that proves an entry to be in the log.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public ImmutableArray<byte[]> ProveInclusion(long index) => MerkleProofs.Inclusion(index, Head.Size, _nodes.Read);

    /// <summary>Gives the proof that the log of an earlier size begins this one.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public ImmutableArray<byte[]> ProveConsistency(long earlierSize) => MerkleProofs.Consistency(earlierSize, Head.Size, _nodes.Read);

    /// <summary>Gives the proof of the public receipt log, over the receipts up to the same checkpoint.</summary>
    /// <param name="payloadHashes">The payload hashes of receipts, base64url.</param>
    /// <returns>A proof for each, in their order.</returns>
    /// <exception cref="LogDamagedException">A file is damaged, or a receipt is not in the log.</exception>
    public ImmutableArray<ReceiptInclusion> ProveReceipts(IReadOnlyList<string> payloadHashes)
    {
        _receipts ??= new ReceiptTree(_files.ReadReceipts(Head.ReceiptCount) ?? throw new LogDamagedException("the leaves of the receipt log are cut off"));
        var tree = _receipts;
        var key = _signer();
        var signature = key.SignReceiptRoot(tree);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < tree.Size; index++)
        {
            places[Base64UrlText.Encode(tree.Leaf(index).Span)] = index;
        }

        return
        [
            .. payloadHashes.Select(hash => places.TryGetValue(hash, out var index)
                ? new ReceiptInclusion
                {
                    LogId = ReceiptInclusion.DefaultLogId,
                    TreeSize = tree.Size,
                    LeafIndex = index,
                    LeafHash = hash,
                    RootHash = Base64UrlText.Encode(tree.Root.Span),
                    AuditPath = [.. tree.PathOf(index).Select(static sibling => Base64UrlText.Encode(sibling))],
                    PublishedAt = Head.PublishedAt,
                    SignerDid = key.PublicKey.Did,
                    Signature = signature,
                }
                : throw new LogDamagedException("a receipt is not in the receipt log")),
        ];
    }
}
