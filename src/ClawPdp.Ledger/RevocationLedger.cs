using System.Collections.Immutable;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;
using ClawPdp.Ledger.Writing;

namespace ClawPdp.Ledger;

/// <summary>The part of the ledger that is about revocations. Safe for concurrent use.</summary>
public sealed class RevocationLedger
{
    private readonly LedgerWriter _writer;
    private readonly ReaderPool _readers;

    internal RevocationLedger(LedgerWriter writer, ReaderPool readers)
    {
        _writer = writer;
        _readers = readers;
    }

    /// <summary>Appends a revocation; a target that is revoked already keeps its first time and id, and the later of the two expiries.</summary>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<RevokeOutcome> AppendAsync(RevocationRecord record, CancellationToken cancellation = default)
    {
        var content = RevocationContent.Write(record);
        return _writer.WriteUrgentAsync(session => Appends.Revocation(session, record, content), cancellation);
    }

    /// <summary>Tells of every target once, in the order of their first records; expired ones are among them.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="LedgerException">The file cannot be read: then no token may be honoured.</exception>
    public long VisitTargets(Action<RevocationTarget> visit) => _readers.Read(visit, static (tables, each) => tables.Revocations.VisitTargets(each));

    /// <summary>Finds the revocation of a target; <see langword="null"/> when none is on disk.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public StoredRevocation? Find(RevocationTargetKind kind, string value) =>
        _readers.Read((kind, value), static (tables, target) => tables.Revocations.Find(target.kind, target.value));

    /// <summary>Gives revocations of one kind, in the order of their first records.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<StoredRevocation> Find(RevocationTargetKind kind) => _readers.Read(kind, static (tables, asked) => tables.Revocations.Find(asked));

    /// <summary>Gives revocations, the latest first; expired ones are among them.</summary>
    /// <param name="before">Only those whose first record stands before this one; 0 for all.</param>
    /// <param name="countMax">The most that are given.</param>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<StoredRevocation> ReadPage(long before, int countMax) =>
        _readers.Read((before, countMax), static (tables, page) => tables.Revocations.Page(page.before, page.countMax));

    /// <summary>Gives revocations that were made, or made longer, after a record, in that order.</summary>
    /// <param name="after">The <see cref="StoredRevocation.LastSequence"/> that was seen last; 0 for none.</param>
    /// <param name="countMax">The most that are given.</param>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<StoredRevocation> ReadChanges(long after, int countMax) =>
        _readers.Read((after, countMax), static (tables, page) => tables.Revocations.ChangedAfter(page.after, page.countMax));
}
