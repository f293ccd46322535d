using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Tells which approvals are used up, and what was reported under them.</summary>
internal sealed class ApprovalTable : IDisposable
{
    private readonly Statement _use;
    private readonly Statement _isUsed;
    private readonly Statement _holds;
    private readonly Statement _report;
    private readonly Statement _isReported;

    public ApprovalTable(SqliteConnection connection)
    {
        _use = new Statement(connection, "INSERT INTO used_approval VALUES ($hash, $sequence)", "$hash", "$sequence");
        _isUsed = new Statement(connection, "SELECT 1 FROM used_approval WHERE approval_hash = $hash", "$hash");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM used_approval WHERE approval_hash = $hash AND sequence = $sequence",
            "$hash",
            "$sequence");
        _report = new Statement(
            connection,
            "INSERT INTO approved_receipt VALUES ($decision, $type, $sequence)",
            "$decision",
            "$type",
            "$sequence");
        _isReported = new Statement(
            connection,
            "SELECT 1 FROM approved_receipt WHERE decision_id = $decision AND receipt_type = $type",
            "$decision",
            "$type");
    }

    /// <summary>Uses an approval up for the decision of a sequence.</summary>
    public void Use(string approvalHash, long sequence) => _use.Run(approvalHash, sequence);

    public bool IsUsed(string approvalHash) => Any(_isUsed, approvalHash);

    /// <summary>Tells whether an approval is known to be used up by the decision of a sequence.</summary>
    public bool Holds(long sequence, string approvalHash) => Any(_holds, approvalHash, sequence);

    /// <summary>Notes that a receipt was signed for a decision that rests on an approval.</summary>
    public void Report(string decisionId, string receiptType, long sequence) => _report.Run(decisionId, receiptType, sequence);

    public bool IsReported(string decisionId, string receiptType) => Any(_isReported, decisionId, receiptType);

    public void Dispose()
    {
        _use.Dispose();
        _isUsed.Dispose();
        _holds.Dispose();
        _report.Dispose();
        _isReported.Dispose();
    }

    private static bool Any(Statement statement, params ReadOnlySpan<object> values)
    {
        using var rows = statement.Query(values);
        return rows.Read();
    }
}
