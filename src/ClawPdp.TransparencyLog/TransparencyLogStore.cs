using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Crypto.Verification;
using ClawPdp.TransparencyLog.Storage;

namespace ClawPdp.TransparencyLog;

/// <summary>
/// The transparency log of an installation, on disk (docs/evidence.md section 2). It publishes in this order: entries and tiles, then the
/// head to be signed is kept outside the log's files, then the checkpoint is signed and written. A crash between any two leaves
/// what can be finished or done again. Safe for concurrent use.
/// </summary>
public sealed class TransparencyLogStore
{
    private readonly LogSettings _settings;
    private readonly ISignedHeadStore _heads;
    private readonly TimeProvider _time;
    private readonly LogFiles _files;
    private readonly Lock _publishing = new();
    private LogEdge? _edge;
    private Published _published = Published.Empty;
    private LogHealth _health = new(LogState.Unspecified, "not opened", 0, 0);

    private TransparencyLogStore(LogSettings settings, ISignedHeadStore heads, TimeProvider time)
    {
        _settings = settings;
        _heads = heads;
        _time = time;
        _files = new LogFiles(settings.DirectoryPath);
    }

    /// <summary>Gets how the log is now.</summary>
    public LogHealth Health => Volatile.Read(ref _health);

    /// <summary>
    /// Gets a value indicating whether the log's own signature tells that more was published than the ledger knows of: the ledger was set
    /// back, and what it acknowledged since then is gone.
    /// </summary>
    public bool IsLedgerSetBack { get; private set; }

    /// <summary>Opens a log and checks it against what was signed last. One that does not agree is opened, too, as damaged.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static TransparencyLogStore Open(LogSettings settings, ISignedHeadStore heads, TimeProvider time)
    {
        var store = new TransparencyLogStore(settings, heads, time);
        store._files.EnsureDirectory();
        store.Recover();
        return store;
    }

    /// <summary>Gives the published log as it is now, for reading and proving; it stays the same while more is published.</summary>
    /// <returns>The snapshot; <see langword="null"/> when nothing was published yet, or the log is damaged.</returns>
    public LogSnapshot? Snapshot()
    {
        var published = Volatile.Read(ref _published);
        return published.Note.Length > 0 && Health.State != LogState.Damaged
            ? new LogSnapshot(_files, published.Head, published.Note, _settings.Signer)
            : null;
    }

    /// <summary>Appends entries and publishes a checkpoint that covers them. Nothing is published for no entry.</summary>
    /// <param name="entries">The entries; the first one's sequence follows the last one that is covered.</param>
    /// <exception cref="IOException">It could not be brought to disk; the next attempt goes on from what stands.</exception>
    /// <exception cref="LogDamagedException">The log is damaged.</exception>
    /// <exception cref="ArgumentException">The entries leave a record out.</exception>
    public void Publish(IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        lock (_publishing)
        {
            try
            {
                if (_edge is null)
                {
                    Recover();
                }

                PublishNow(entries);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // What is on disk now is known only from the disk.
                _edge = null;
                SetHealth(LogState.Failing, failure.Message);
                throw;
            }
        }
    }

    private static void ThrowUnlessFollowing(IReadOnlyList<LogEntry> entries, long lastSequence)
    {
        foreach (var entry in entries)
        {
            if (entry.FirstSequence != lastSequence + 1)
            {
                throw new ArgumentException($"the entry of record {entry.FirstSequence} does not follow that of {lastSequence}", nameof(entries));
            }

            lastSequence = entry.LastSequence;
        }
    }

    private void PublishNow(IReadOnlyList<LogEntry> entries)
    {
        if (_edge is null || Health.State == LogState.Damaged)
        {
            throw new LogDamagedException(Health.Message);
        }

        var head = _published.Head;
        ThrowUnlessFollowing(entries, head.LastSequence);
        var edge = _edge.Copy();
        foreach (var entry in entries)
        {
            edge.Append(entry.ToBytes());
        }

        var tiles = edge.Full.ToList();
        foreach (var (address, content) in tiles.Concat(edge.Partial()))
        {
            _files.Write(address, content);
        }

        var receipts = entries.Where(static entry => entry.Kind is "receipt").Select(static entry => Decode(entry.PayloadHash)).ToList();
        _files.WriteReceipts(head.ReceiptCount, receipts);
        Sign(new SignedHead(edge.Size, edge.RootHash(), entries[^1].LastSequence, head.ReceiptCount + receipts.Count, Rfc3339.Format(_time.GetUtcNow())), isKept: false);
        edge.Full.Clear();
        _edge = edge;
        foreach (var (address, _) in tiles)
        {
            _files.RemovePartials(address);
        }
    }

    private void Sign(SignedHead head, bool isKept)
    {
        if (!isKept)
        {
            _heads.Save(head);
        }

        var root = Decode(head.RootHash);
        var note = _settings.Signer().SignCheckpoint(new Checkpoint(_settings.Origin, head.Size, root));
        _files.WriteCheckpoint(note);
        Volatile.Write(ref _published, new Published(head, note));
        SetHealth(LogState.Healthy, "");
    }

    private void Recover()
    {
        try
        {
            var head = _heads.Load();
            var note = _files.ReadCheckpoint();
            var signed = note is null ? null : CheckpointVerifier.Verify(note, _settings.AcceptedDids(), out _);
            IsLedgerSetBack = signed?.Size > (head?.Size ?? 0);
            if (head is null)
            {
                ThrowIf(note is not null, "there is a checkpoint, and the ledger knows of none");
                _edge = LogEdge.Read(_files, 0);
                SetHealth(LogState.Healthy, "");
                return;
            }

            ThrowIf(note is not null && signed is null, "the checkpoint is not signed by a key of this installation");
            ThrowIf(IsLedgerSetBack, "the checkpoint is newer than the ledger: the ledger was set back");
            var edge = LogEdge.Read(_files, head.Size);
            ThrowIf(!string.Equals(edge.RootHash(), head.RootHash, StringComparison.Ordinal), "the tiles do not lead to the root that was signed");
            ThrowIf(
                signed?.Size == head.Size && !string.Equals(Base64UrlText.Encode(signed.Root.Span), head.RootHash, StringComparison.Ordinal),
                "the checkpoint has another root than the one that was signed for its size");
            new LogContents(_files, head).ThrowIfWrong(_settings.FullCheckSizeMax);
            _edge = edge;
            if (signed?.Size == head.Size && note is not null)
            {
                Volatile.Write(ref _published, new Published(head, note));
                SetHealth(LogState.Healthy, "");
                return;
            }

            // Stopped between keeping the head and writing the checkpoint: the same head is signed.
            Sign(head, isKept: true);
        }
        catch (LogDamagedException damage)
        {
            _edge = null;
            SetHealth(LogState.Damaged, damage.Message);
        }
    }

    private static byte[] Decode(string? hash) =>
        Base64UrlText.TryDecode(hash, out var bytes) ? bytes : throw new LogDamagedException("a hash is not base64url");

    private static void ThrowIf(bool isWrong, string message)
    {
        if (isWrong)
        {
            throw new LogDamagedException(message);
        }
    }

    private void SetHealth(LogState state, string message)
    {
        var head = Volatile.Read(ref _published).Head;
        Volatile.Write(ref _health, new LogHealth(state, message, head.Size, head.LastSequence));
    }

    private sealed record Published(SignedHead Head, string Note)
    {
        public static Published Empty { get; } = new(new SignedHead(0, Base64UrlText.Encode(MerkleTree.EmptyRoot()), 0, 0, ""), "");
    }
}
