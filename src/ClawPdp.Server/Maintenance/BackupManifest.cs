using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Server.Cli;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Maintenance;

/// <summary>What a backup holds: the file <c>backup.json</c>, written last.</summary>
internal sealed record BackupManifest
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "backup.json";

    private const string Version = "1";
    private const int SizeMaxBytes = 65_536;

    public required DateTimeOffset CreatedAt { get; init; }

    public required int SchemaVersion { get; init; }

    public required LedgerHead Head { get; init; }

    /// <summary>Gets when the last record was made; <see langword="null"/> for an empty ledger.</summary>
    public DateTimeOffset? LastRecordAt { get; init; }

    public required FileDigest Ledger { get; init; }

    /// <summary>Gets what the log had published; <see langword="null"/> for nothing.</summary>
    public SignedHead? LogHead { get; init; }

    public FileDigest? Log { get; init; }

    /// <summary>Writes the manifest.</summary>
    public byte[] ToBytes() => JsonWriter.WriteCanonical(ToJson());

    /// <summary>Gives the manifest as JSON.</summary>
    public JsonValue ToJson() => new JsonObjectBuilder()
        .Add("backup_version", Version)
        .Add("created_at", Rfc3339.Format(CreatedAt))
        .Add("ledger", new JsonObjectBuilder()
            .Add("head_sequence", Head.Sequence)
            .Add("head_hash_hex", Head.Hash)
            .AddIfPresent("last_record_at", LastRecordAt is { } last ? Rfc3339.Format(last) : null)
            .Add("schema_version", SchemaVersion)
            .Add("size_bytes", Ledger.SizeBytes)
            .Add("sha256_b64u", Ledger.Hash)
            .Build())
        .AddIfPresent("log", LogJson())
        .Build();

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="InputException">There is none, so the backup was never finished; or it cannot be read.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InputException($"{folder}: no file `{FileName}`: this is no backup, or one that was not finished");
        }

        var value = Input.Require(path, JsonReader.Parse(Input.Read(path, SizeMaxBytes), SizeMaxBytes));
        return FromJson(value) ?? throw new InputException($"{path}: not a manifest of version {Version}");
    }

    private static BackupManifest? FromJson(JsonValue value)
    {
        var ledger = value.Find("ledger");
        var log = value.Find("log");
        if (value.FindText("backup_version") is not Version
            || ledger?.FindText("head_hash_hex") is not { Length: 64 } headHash
            || ledger.FindText("sha256_b64u") is not { } hash
            || !Rfc3339.TryParse(value.FindText("created_at"), out var createdAt))
        {
            return null;
        }

        return new BackupManifest
        {
            CreatedAt = createdAt,
            SchemaVersion = (int)Number(ledger, "schema_version"),
            Head = new LedgerHead(Number(ledger, "head_sequence"), headHash),
            LastRecordAt = Rfc3339.TryParse(ledger.FindText("last_record_at"), out var last) ? last : null,
            Ledger = new FileDigest(1, Number(ledger, "size_bytes"), hash),
            Log = log is null ? null : new FileDigest(Number(log, "file_count"), Number(log, "size_bytes"), log.FindText("digest_b64u") ?? ""),
            LogHead = log is null
                ? null
                : new SignedHead(Number(log, "size"), log.FindText("root_b64u") ?? "", Number(log, "last_sequence"), Number(log, "receipt_count"), log.FindText("published_at") ?? ""),
        };
    }

    private static long Number(JsonValue? value, string name) => (long)(value?.Find(name)?.Number ?? -1);

    private JsonValue? LogJson() => LogHead is not { } head || Log is not { } files ? null : new JsonObjectBuilder()
        .Add("size", head.Size)
        .Add("root_b64u", head.RootHash)
        .Add("last_sequence", head.LastSequence)
        .Add("receipt_count", head.ReceiptCount)
        .Add("published_at", head.PublishedAt)
        .Add("file_count", files.Count)
        .Add("size_bytes", files.SizeBytes)
        .Add("digest_b64u", files.Hash)
        .Build();
}
