using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Evidence;

/// <summary>Reads an evidence file: a closed object, every member required.</summary>
public static class EvidenceReader
{
    private const int RecordCountMax = 1_000_000;
    private const int PathLengthMax = 63;
    private const int TextLengthMax = 4 * 1024 * 1024;
    private const int IdLengthMax = 1024;
    private const int NoteLengthMax = 65_536;
    private const int SegmentCountMax = 10_000;

    /// <summary>Reads the file, or gives every fault with its line and pointer.</summary>
    public static Result<EvidenceFile> Read(ReadOnlySpan<byte> utf8)
    {
        var parsed = JsonReader.Parse(utf8, EvidenceFile.SizeMaxBytes);
        if (!parsed.TryGet(out var document))
        {
            return Result.Invalid<EvidenceFile>(parsed.Faults);
        }

        var faults = new List<Fault>();
        var file = Read(JsonCursor.At(document, faults));
        return faults.Count == 0 ? Result.Valid(file) : Result.Invalid<EvidenceFile>([.. faults]);
    }

    private static EvidenceFile Read(JsonCursor root)
    {
        _ = root.IsObjectOf("evidence_version", "run_id", "exports", "records", "log", "receipt_log");
        if (root.Required("evidence_version") is { } version && version.Value.Text is not EvidenceFile.Version)
        {
            version.Refuse("unknown version of the format", $"`{EvidenceFile.Version}` is known");
        }

        var log = root.Required("log");
        _ = log?.IsObjectOf("checkpoint", "entries", "batches");
        return new EvidenceFile
        {
            RunId = TextOf(root.Required("run_id"), IdLengthMax),
            Exports = Objects(root.Required("exports"), SegmentCountMax),
            Records = All(root.Required("records"), ReadRecord),
            Checkpoint = TextOf(log?.Required("checkpoint"), NoteLengthMax),
            Entries = All(log?.Required("entries"), ReadEntry),
            Batches = All(log?.Required("batches"), ReadBatch),
            ReceiptProofs = Objects(root.Required("receipt_log"), RecordCountMax),
        };
    }

    private static ImmutableArray<T> All<T>(JsonCursor? list, Func<JsonCursor, T> read) => list is null ? [] : [.. list.AsArray(RecordCountMax).Select(read)];

    private static string TextOf(JsonCursor? member, int lengthMax) => member?.AsText(lengthMax) ?? "";

    private static EvidenceRecord ReadRecord(JsonCursor item)
    {
        _ = item.IsObjectOf("sequence", "kind", "previous_hash_b64u", "content");
        var kind = item.Required("kind");
        if (kind is not null && RecordKinds.NumberOf(kind.Value.Text) == 0)
        {
            kind.Refuse("unknown kind of record");
        }

        return new EvidenceRecord(
            item.Required("sequence")?.AsInteger(1, 1L << 53) ?? 0,
            kind?.Value.Text ?? "",
            Hash(item.Required("previous_hash_b64u")),
            item.Required("content")?.AsText(TextLengthMax) ?? "");
    }

    private static EvidenceEntry ReadEntry(JsonCursor item)
    {
        _ = item.IsObjectOf("index", "entry", "path");
        return new EvidenceEntry(
            item.Required("index")?.AsInteger(0, 1L << 53) ?? 0,
            item.Required("entry")?.AsText(65_535) ?? "",
            Path(item.Required("path")));
    }

    private static BatchPlace ReadBatch(JsonCursor item)
    {
        _ = item.IsObjectOf("sequence", "index", "path");
        return new BatchPlace(
            item.Required("sequence")?.AsInteger(1, 1L << 53) ?? 0,
            (int)(item.Required("index")?.AsInteger(0, int.MaxValue) ?? 0),
            Path(item.Required("path")));
    }

    private static ImmutableArray<JsonValue> Objects(JsonCursor? list, int countMax)
    {
        var values = ImmutableArray.CreateBuilder<JsonValue>();
        foreach (var item in list?.AsArray(countMax) ?? [])
        {
            if (item.Value.Kind != JsonKind.Object)
            {
                item.Refuse("an object is expected");
            }

            values.Add(item.Value);
        }

        return values.ToImmutable();
    }

    private static ImmutableArray<string> Path(JsonCursor? list) => [.. (list?.AsArray(PathLengthMax) ?? []).Select(Hash)];

    private static string Hash(JsonCursor? member)
    {
        if (member is not null && !Base64UrlText.IsSha256(member.Value.Text))
        {
            member.Refuse("43 canonical base64url characters are expected");
        }

        return member?.Value.Text ?? "";
    }
}
