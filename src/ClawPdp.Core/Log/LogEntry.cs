using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Log;

/// <summary>What the log says about one record of the ledger, or about a batch of decisions (docs/evidence.md section 2).</summary>
public sealed record LogEntry
{
    /// <summary>The kind of a batch.</summary>
    public const string Decisions = "decisions";

    /// <summary>The most decisions in a batch.</summary>
    public const int BatchCountMax = 1_024;

    private const string EntryVersion = "1";
    private const int HashLength = 43;

    /// <summary>Gets the kind of the record, or <see cref="Decisions"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets the sequence of the record, or of the first of the batch.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>Gets the sequence of the record, or of the last of the batch.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Gets the hash of the record, or the RFC 6962 root over the hashes of the batch's records, base64url.</summary>
    public required string Hash { get; init; }

    /// <summary>Gets the payload hash of a receipt or issuance, base64url; <see langword="null"/> for anything else.</summary>
    public string? PayloadHash { get; init; }

    /// <summary>Gets a value indicating whether this is a batch.</summary>
    public bool IsBatch => Kind is Decisions;

    /// <summary>Writes the entry: JCS.</summary>
    public byte[] ToBytes()
    {
        var entry = new JsonObjectBuilder().Add("entry_version", EntryVersion).Add("kind", Kind);
        return JsonWriter.WriteCanonical((IsBatch
            ? entry.Add("first_sequence", FirstSequence).Add("last_sequence", LastSequence).Add("record_root_b64u", Hash)
            : entry.Add("sequence", FirstSequence).Add("record_hash_b64u", Hash).AddIfPresent("payload_hash_b64u", PayloadHash)).Build());
    }

    /// <summary>Reads an entry; <see langword="null"/> when it is none, or is written in another way than ours.</summary>
    public static LogEntry? Parse(ReadOnlySpan<byte> bytes)
    {
        if (!JsonReader.Parse(bytes, EntryBundle.EntrySizeMaxBytes).TryGet(out var value))
        {
            return null;
        }

        var faults = new List<Fault>();
        var entry = Read(JsonCursor.At(value, faults));
        return faults.Count == 0 && entry is not null && bytes.SequenceEqual(entry.ToBytes()) ? entry : null;
    }

    private static LogEntry? Read(JsonCursor root)
    {
        var entry = root.Value.FindText("kind") is Decisions ? ReadBatch(root) : ReadRecord(root);
        var isSound = root.Value.FindText("entry_version") is EntryVersion
            && entry is not null
            && Base64UrlText.IsSha256(entry.Hash)
            && entry.LastSequence >= entry.FirstSequence
            && entry.LastSequence - entry.FirstSequence < BatchCountMax;
        return isSound ? entry : null;
    }

    private static LogEntry? ReadBatch(JsonCursor root)
    {
        _ = root.IsObjectOf("entry_version", "kind", "first_sequence", "last_sequence", "record_root_b64u");
        return new LogEntry
        {
            Kind = Decisions,
            FirstSequence = SequenceOf(root.Required("first_sequence")),
            LastSequence = SequenceOf(root.Required("last_sequence")),
            Hash = TextOf(root.Required("record_root_b64u")),
        };
    }

    private static LogEntry? ReadRecord(JsonCursor root)
    {
        _ = root.IsObjectOf("entry_version", "kind", "sequence", "record_hash_b64u", "payload_hash_b64u");
        var sequence = SequenceOf(root.Required("sequence"));
        var payloadHash = root.Optional("payload_hash_b64u")?.AsText(HashLength, HashLength);
        return payloadHash is not null && !Base64UrlText.IsSha256(payloadHash) ? null : new LogEntry
        {
            Kind = TextOf(root.Required("kind")),
            FirstSequence = sequence,
            LastSequence = sequence,
            Hash = TextOf(root.Required("record_hash_b64u")),
            PayloadHash = payloadHash,
        };
    }

    private static string TextOf(JsonCursor? member) => member?.AsText(HashLength) ?? "";

    private static long SequenceOf(JsonCursor? member) => member?.AsInteger(1, 1L << 53) ?? 0;
}
