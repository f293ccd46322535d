using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>A connection with its prepared statements. Not safe for concurrent use.</summary>
internal sealed class LedgerTables : IDisposable
{
    /// <param name="connection">The connection; owned from here on.</param>
    public LedgerTables(SqliteConnection connection)
    {
        Connection = connection;
        Records = new RecordTable(connection);
        Receipts = new ReceiptTable(connection);
        Issuances = new IssuanceTable(connection);
        Revocations = new RevocationTable(connection);
        Documents = new DocumentTable(connection);
        Runs = new RunTable(connection);
        Events = new EventTable(connection);
        Spans = new SpanTable(connection);
        Decisions = new DecisionTable(connection);
        Activations = new ActivationTable(connection);
        Policies = new PolicyTable(connection);
        Approvals = new ApprovalTable(connection);
        Meta = new MetaTable(connection);
    }

    public SqliteConnection Connection { get; }

    public RecordTable Records { get; }

    public ReceiptTable Receipts { get; }

    public IssuanceTable Issuances { get; }

    public RevocationTable Revocations { get; }

    public DocumentTable Documents { get; }

    public RunTable Runs { get; }

    public EventTable Events { get; }

    public SpanTable Spans { get; }

    public DecisionTable Decisions { get; }

    public ActivationTable Activations { get; }

    public PolicyTable Policies { get; }

    public ApprovalTable Approvals { get; }

    public MetaTable Meta { get; }

    public void Dispose()
    {
        Records.Dispose();
        Receipts.Dispose();
        Issuances.Dispose();
        Revocations.Dispose();
        Documents.Dispose();
        Runs.Dispose();
        Events.Dispose();
        Spans.Dispose();
        Decisions.Dispose();
        Activations.Dispose();
        Policies.Dispose();
        Approvals.Dispose();
        Meta.Dispose();
        Connection.Dispose();
    }
}
