using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Ledger.Policies;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;
using ClawPdp.Ledger.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger;

/// <summary>
/// The durable memory of the sidecar: one SQLite file of records that are only ever added, each linked to the one before it by a
/// hash. What an append reports is on disk before its task completes. Cancelling one ends the waiting, not the append. Safe for
/// concurrent use.
/// </summary>
public sealed class LedgerStore : IAsyncDisposable
{
    private readonly LedgerWriter _writer;
    private readonly ReaderPool _readers;
    private readonly ReceiptLine _receipts;

    private LedgerStore(LedgerWriter writer, ReaderPool readers)
    {
        _writer = writer;
        _readers = readers;
        _receipts = new ReceiptLine(writer);
        Policies = new PolicyLedger(writer, readers);
        Revocations = new RevocationLedger(writer, readers);
        Pruning = new PruneReads(readers);
    }

    /// <summary>Gets how the ledger is now.</summary>
    public LedgerHealth Health => _writer.Health;

    /// <summary>Gets the part that is about policies.</summary>
    public PolicyLedger Policies { get; }

    /// <summary>Gets the part that is about revocations, and the one about what was pruned.</summary>
    public RevocationLedger Revocations { get; }

    /// <inheritdoc cref="Revocations"/>
    public PruneReads Pruning { get; }

    /// <summary>Gets the last record on disk, for keeping outside.</summary>
    public LedgerHead Head => _writer.Committed.ToPublic();

    /// <summary>Opens the ledger of a data directory, making it where there is none, and holds the directory until disposed.</summary>
    /// <exception cref="LedgerException">The directory is in use or open to others, or the file is unfit; the fault says which.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static LedgerStore Open(LedgerSettings settings, TimeProvider time, ILogger logger)
    {
        LedgerSettings.ThrowIfOutOfRange(settings);
        FileStream? directoryLock = null;
        try
        {
            LedgerFiles.EnsureDirectory(settings.DirectoryPath);
            directoryLock = LedgerFiles.TakeLock(settings.DirectoryPath);
            var path = Path.Combine(settings.DirectoryPath, LedgerFiles.DatabaseName);
            LedgerFiles.EnsureDatabase(path);
            LedgerFiles.RewriteLog(path);
            var session = LedgerOpening.Open(path, settings, logger);
            Log.Opened(logger, session.Head.Sequence);
            var readers = ReaderPool.OpenKept(path, settings.BusyTimeout);
            var sessions = new SessionHolder(session, committed => LedgerOpening.Reopen(path, settings, committed), logger);
            var writer = new LedgerWriter(sessions, directoryLock, settings, time, logger);
            directoryLock = null;
            writer.Start();
            return new LedgerStore(writer, readers);
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.ForOpening(failure, Path.Combine(settings.DirectoryPath, LedgerFiles.DatabaseName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"the data directory `{settings.DirectoryPath}` cannot be used: {failure.Message}", failure);
        }
        finally
        {
            directoryLock?.Dispose();
        }
    }

    /// <summary>Starts a run; one that the same agent started before stands.</summary>
    /// <param name="record">The start.</param>
    /// <param name="admit">Looks once more, inside the transaction, whether it may be: what it throws, the waiter gets, and nothing is recorded.</param>
    /// <param name="cancellation">Ends the waiting, not the append.</param>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<RunOutcome> StartRunAsync(RunRecord record, Action admit, CancellationToken cancellation)
    {
        _ = RunContent.Write(record);
        return WriteAsync(session => RunAppends.Start(session, record, admit), cancellation);
    }

    /// <summary>
    /// Appends an event to the end of its run's chain. The same id with the same content gives the earlier event; with other content
    /// it is a conflict. Full chains are continued by another one, linked to them.
    /// </summary>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<EventOutcome> AppendEventAsync(EventDraft draft, CancellationToken cancellation = default)
    {
        EventContent.ThrowIfOutOfBounds(draft);
        return WriteAsync(session => RunAppends.Event(session, draft), cancellation);
    }

    /// <summary>
    /// Appends a receipt together with what it points to, unless its nonce was used in its run before: then the earlier receipt stands
    /// for the same request, and another request is a conflict. Of concurrent duplicates one is recorded and all get it.
    /// </summary>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<AppendOutcome> AppendReceiptAsync(ReceiptDraft draft, CancellationToken cancellation = default) => _receipts.AppendAsync(draft, cancellation);

    /// <summary>Finishes a run with a seal: nothing more is added to it.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="agentDid">Who finishes it.</param>
    /// <param name="now">The instant.</param>
    /// <param name="admit">Looks once more, inside the transaction, whether it may be: what it throws, the waiter gets, and nothing is recorded.</param>
    /// <param name="cancellation">Ends the waiting, not the append.</param>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<RunOutcome> FinishRunAsync(string runId, string agentDid, DateTimeOffset now, Action admit, CancellationToken cancellation) => WriteAsync(session => SealAppends.Finish(session, runId, agentDid, now, admit), cancellation);

    /// <summary>Seals a run as it is, open or finished, for an export; the outcome names every record that belongs to it.</summary>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<SealOutcome> SealRunAsync(string runId, DateTimeOffset now, CancellationToken cancellation = default) =>
        WriteAsync(session => SealAppends.Seal(session, runId, now), cancellation);

    /// <summary>Keeps a document that records name by its hash; one that is there already stands.</summary>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<long> KeepDocumentAsync(DocumentRecord record, CancellationToken cancellation = default)
    {
        var content = DocumentContent.Write(record);
        return WriteAsync(session => Appends.Document(session, record, content), cancellation);
    }

    /// <summary>Appends an issuance record and gives its sequence.</summary>
    /// <param name="record">The record.</param>
    /// <param name="admit">Looks once more, inside the transaction, whether it may be: what it throws, the waiter gets, and nothing is recorded.</param>
    /// <param name="cancellation">Ends the waiting, not the append.</param>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded; a conflict when its id or token hash is taken.</exception>
    public Task<long> AppendIssuanceAsync(IssuanceRecord record, Action admit, CancellationToken cancellation = default)
    {
        var content = IssuanceContent.Write(record);
        return WriteAsync(session => Appends.Issuance(session, record, content, admit), cancellation);
    }

    /// <summary>Appends a refused attempt and gives its sequence.</summary>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<long> AppendRefusalAsync(RefusalRecord record, CancellationToken cancellation = default)
    {
        var content = RefusalContent.Write(record);
        return WriteAsync(session => Appends.Refusal(session, record, content), cancellation);
    }

    /// <summary>Appends an admin act and gives its sequence.</summary>
    /// <exception cref="LedgerException">It may not be taken as recorded; an <see cref="ArgumentException"/> when a member is out of its bounds.</exception>
    public Task<long> AppendActAsync(ActRecord record, CancellationToken cancellation = default) => AppendAsync(RecordKind.Act, ActContent.Write(record), cancellation);

    /// <summary>Appends a decision and gives its sequence, for the durable mode of the decision log.</summary>
    /// <exception cref="ArgumentException">The texts are longer than 128 Ki characters together.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<long> AppendDecisionAsync(DecisionRecord record, CancellationToken cancellation = default)
    {
        DecisionContent.ThrowIfTooLong(record);
        return WriteAsync(session => Appends.Decision(session, record), cancellation);
    }

    /// <summary>
    /// Uses a human's approval up for a decision, once: records both, and that it is used. Of concurrent duplicates one is recorded, and
    /// the others are told that it was used.
    /// </summary>
    /// <param name="record">The decision, which names the approval.</param>
    /// <param name="approval">The approval's signed envelope, by the hash of its payload.</param>
    /// <param name="cancellation">Ends the waiting, not the append.</param>
    /// <returns><see cref="AppendStatus.Appended"/>, or <see cref="AppendStatus.ApprovalUsed"/> when nothing was recorded.</returns>
    /// <exception cref="ArgumentException">The texts are too long, or the two do not belong together.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded; the approval may be used up all the same.</exception>
    public Task<AppendStatus> AppendDecisionAsync(DecisionRecord record, DocumentRecord approval, CancellationToken cancellation = default)
    {
        DecisionContent.ThrowIfTooLong(record);
        DecisionContent.ThrowUnlessRestingOn(record, approval);
        var content = DocumentContent.Write(approval);
        return WriteAsync(session => Appends.ApprovedDecision(session, record, approval, content), cancellation);
    }

    /// <summary>
    /// Hands a decision to the writer without waiting, for the asynchronous mode of the decision log. It comes to disk soon after,
    /// or is lost: then <see cref="LedgerHealth.DecisionsLost"/> counts it.
    /// </summary>
    /// <returns>False when it is lost already: the line is full, the record is longer than 128 Ki characters, or the ledger is closed.</returns>
    public bool TryEnqueueDecision(DecisionRecord record) => _writer.TryAdd(record);

    /// <summary>Waits until the decisions that were handed over before are on disk, or lost: as many as share one commit at most.</summary>
    /// <exception cref="LedgerException">The disk does not take them.</exception>
    public Task FlushDecisionsAsync(CancellationToken cancellation = default) => WriteAsync(static _ => true, cancellation);

    /// <summary>Keeps a named value of the installation; a later one replaces it. Outside the chain.</summary>
    /// <exception cref="ArgumentException">The name is not 1 to 256 characters, or the value is longer than 1024.</exception>
    /// <exception cref="LedgerException">It may not be taken as kept.</exception>
    public Task SetMetaAsync(string name, string value, CancellationToken cancellation = default)
    {
        ContentLimits.ThrowUnlessText(name, ContentLimits.IdLengthMax, nameof(name));
        ContentLimits.ThrowIfLonger(value, ContentLimits.TextLengthMax, nameof(value));
        return WriteAsync(session => session.Tables.Meta.Set(name, value), cancellation);
    }

    /// <summary>Gives a named value of the installation; <see langword="null"/> when it was never set.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public string? GetMeta(string name) => _readers.Read(name, static (tables, key) => tables.Meta.Get(key));

    /// <summary>Finds the receipt of a nonce; <see langword="null"/> when none is on disk.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or the record is damaged.</exception>
    public StoredReceipt? FindByNonce(string idempotencyScope, string nonce) => _readers.Read((idempotencyScope, nonce), static (tables, key) =>
        ReadReceipt(tables, tables.Receipts.FindByNonce(key.idempotencyScope, key.nonce)));

    /// <summary>Finds a receipt by its id; <see langword="null"/> when none is on disk.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or the record is damaged.</exception>
    public StoredReceipt? GetReceipt(string receiptId) =>
        _readers.Read(receiptId, static (tables, key) => ReadReceipt(tables, tables.Receipts.FindById(key)));

    /// <summary>Finds a decision by its id; <see langword="null"/> when none is on disk.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or the record is damaged.</exception>
    public DecisionRecord? FindDecision(string decisionId) => _readers.Read(decisionId, static (tables, key) =>
        tables.Decisions.Find(key) is { } stored ? DecisionContent.Read(stored.Content) : null);

    /// <summary>Tells whether an approval is used up, by the hash of its payload.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public bool IsApprovalUsed(string approvalHash) => _readers.Read(approvalHash, static (tables, key) => tables.Approvals.IsUsed(key));

    /// <summary>Finds a run; <see langword="null"/> when none of that id was started.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public RunSummary? FindRun(string runId) => _readers.Read(runId, RunReads.Find);

    /// <summary>Gives the events of one segment of a run, in order, each with its sequence.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public IReadOnlyList<(EventRecord Event, long Sequence)> ReadEvents(string runId, int segment) =>
        _readers.Read((runId, segment), static (tables, key) => RunReads.Events(tables, key.runId, key.segment));

    /// <summary>Gives every record that belongs to a run as it stands, ascending; empty when none of that id was started.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public IReadOnlyList<LedgerRecord> ReadRun(string runId) => _readers.Read(runId, RunReads.Members);

    /// <summary>Gives records by their sequences, in the order given.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is missing.</exception>
    public IReadOnlyList<LedgerRecord> ReadRecords(IEnumerable<long> sequences) =>
        _readers.Read(sequences, static (tables, wanted) => wanted.Select(tables.Records.Read).ToList());

    /// <summary>Gives committed records from a sequence on, in order and without a gap.</summary>
    /// <param name="first">The first sequence, at least 1.</param>
    /// <param name="countMax">The most records that are given.</param>
    /// <exception cref="LedgerException">The file cannot be read, or a record is missing.</exception>
    public IReadOnlyList<LedgerRecord> ReadRecords(long first, int countMax)
    {
        var count = (int)Math.Clamp(Head.Sequence - first + 1, 0, countMax);
        return _readers.Read((first, count), static (tables, wanted) => tables.Records.ReadRange(wanted.first, wanted.count));
    }

    /// <summary>Finds the issuance record of a token by the hash of its text; <see langword="null"/> when none is on disk.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or the record is damaged.</exception>
    public IssuanceRecord? GetIssuance(string tokenHash) => _readers.Read(tokenHash, static (tables, key) =>
        tables.Issuances.FindByTokenHash(key) is { } stored ? IssuanceContent.Read(stored.Content) : null);

    /// <summary>
    /// Reads the whole chain as it is now and gives the first thing wrong; <see langword="null"/> when all is well. A changed,
    /// inserted or missing record is seen. A cut-off end is seen only with a head that was kept outside, as a shorter chain is a whole
    /// one; so is a file that was rewritten from some record on with all its hashes.
    /// </summary>
    /// <param name="anchor">A head kept outside; <see langword="null"/> for none.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public ChainFault? VerifyChain(LedgerHead? anchor = null, CancellationToken cancellation = default) =>
        _readers.Read((anchor, cancellation), static (tables, argument) =>
            ChainWalk.WalkAll(tables, argument.anchor, argument.cancellation));

    /// <summary>
    /// Takes nothing more, writes what waits within <see cref="LedgerSettings.DrainTimeout"/>, fails the rest, and closes the file. No
    /// waiter is left waiting.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        await _writer.DisposeAsync();
    }

    // What is given out is what was signed: bytes that changed in the file since are found by the chain's hash.
    private static StoredReceipt? ReadReceipt(LedgerTables tables, StoredRecord? stored) =>
        stored is null ? null : new StoredReceipt(ReceiptContent.Read(RecordHasher.Prove(tables.Records.Read(stored.Sequence)).Content), stored.Sequence);

    private Task<long> AppendAsync(RecordKind kind, byte[] content, CancellationToken cancellation) => WriteAsync(session => session.Append(kind, content), cancellation);

    private Task<T> WriteAsync<T>(Func<WriteSession, T> write, CancellationToken cancellation)
        where T : notnull => _writer.WriteAsync(write, cancellation);
}
