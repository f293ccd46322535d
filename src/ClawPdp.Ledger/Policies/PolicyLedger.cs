using System.Collections.Immutable;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;
using ClawPdp.Ledger.Writing;

namespace ClawPdp.Ledger.Policies;

/// <summary>The part of the ledger that is about policies: which are held, and which is active. Safe for concurrent use.</summary>
public sealed class PolicyLedger
{
    private readonly LedgerWriter _writer;
    private readonly ReaderPool _readers;

    internal PolicyLedger(LedgerWriter writer, ReaderPool readers)
    {
        _writer = writer;
        _readers = readers;
    }

    /// <summary>Appends an activation if its number is greater than that of every earlier one.</summary>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<ActivationOutcome> ActivateAsync(ActivationDraft draft, CancellationToken cancellation = default)
    {
        ActivationContent.ThrowIfOutOfBounds(draft);
        return _writer.WriteAsync(session => ActivationAppends.Append(session, draft), cancellation);
    }

    /// <summary>Gives the last activation of each audience, ascending by number.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<ActivationRecord> ReadActive() => _readers.Read(0, static (tables, _) => tables.Activations.LastOfEach());

    /// <summary>Gives activations, the latest first.</summary>
    /// <param name="before">Only those with a lower number; 0 for all.</param>
    /// <param name="countMax">The most that are given.</param>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<ActivationRecord> ReadActivations(long before, int countMax) =>
        _readers.Read((before, countMax), static (tables, page) => tables.Activations.Page(page.before, page.countMax));

    /// <summary>Gives the number of the last activation; 0 when there is none.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public long ReadLastNumber() => _readers.Read(0, static (tables, _) => tables.Activations.LastNumber());

    /// <summary>Keeps another signed envelope of a policy that is held; the latest stands for it from now on.</summary>
    /// <param name="policyHash">The policy, base64url.</param>
    /// <param name="envelope">The document, of the type <see cref="DocumentRecord.PolicyEnvelope"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public Task<long> KeepEnvelopeAsync(string policyHash, DocumentRecord envelope, CancellationToken cancellation = default)
    {
        ContentLimits.ThrowUnlessText(policyHash, ContentLimits.IdLengthMax, nameof(policyHash));
        var content = DocumentContent.Write(envelope);
        return _writer.WriteAsync(session => ActivationAppends.Envelope(session, policyHash, envelope, content), cancellation);
    }

    /// <summary>Gives every policy's envelopes in the order in which they were kept: a later one of a policy replaces the earlier.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<DocumentRecord> ReadEnvelopes() => _readers.Read(0, static (tables, _) => tables.Policies.All());

    /// <summary>Gives issuances, the latest first.</summary>
    /// <param name="before">Only those before this record; 0 for all.</param>
    /// <param name="countMax">The most that are given.</param>
    /// <exception cref="LedgerException">The file cannot be read, or a record is damaged.</exception>
    public ImmutableArray<(IssuanceRecord Record, long Sequence)> ReadIssuances(long before, int countMax) =>
        _readers.Read((before, countMax), static (tables, page) => tables.Issuances.Page(page.before, page.countMax));
}
