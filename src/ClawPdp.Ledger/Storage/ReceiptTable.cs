using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds receipts. A nonce leads to the last receipt that was signed for it: one lapses after <see cref="IdempotencyRules.KeyLifetime"/>.</summary>
internal sealed class ReceiptTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _insertKey;
    private readonly Statement _findByNonce;
    private readonly Statement _findById;
    private readonly Statement _holds;

    public ReceiptTable(SqliteConnection connection)
    {
        _insert = new Statement(connection, "INSERT INTO receipt VALUES ($sequence, $id)", "$sequence", "$id");
        _insertKey = new Statement(
            connection,
            """
            INSERT INTO idempotency_key VALUES ($scope, $nonce, $sequence)
            ON CONFLICT DO UPDATE SET sequence = excluded.sequence
            """,
            "$scope",
            "$nonce",
            "$sequence");
        _findByNonce = new Statement(
            connection,
            "SELECT sequence, content FROM idempotency_key JOIN record USING (sequence) WHERE idempotency_scope = $scope AND nonce = $nonce",
            "$scope",
            "$nonce");
        _findById = new Statement(
            connection,
            "SELECT sequence, content FROM receipt JOIN record USING (sequence) WHERE receipt_id = $id",
            "$id");
        _holds = new Statement(
            connection,
            """
            SELECT 1 FROM receipt, idempotency_key
            WHERE receipt.sequence = $sequence AND receipt_id = $id
                AND idempotency_scope = $scope AND nonce = $nonce AND idempotency_key.sequence >= $sequence
            """,
            "$sequence",
            "$id",
            "$scope",
            "$nonce");
    }

    public void Insert(long sequence, ReceiptRecord record)
    {
        _insert.Run(sequence, record.ReceiptId);
        _insertKey.Run(record.IdempotencyScope, record.Nonce, sequence);
    }

    public StoredRecord? FindByNonce(string scope, string nonce) => _findByNonce.Find(scope, nonce);

    public StoredRecord? FindById(string receiptId) => _findById.Find(receiptId);

    /// <summary>Tells whether a record can be found by its id, and its nonce leads to it or to a later one.</summary>
    public bool Holds(long sequence, ReceiptRecord record)
    {
        using var rows = _holds.Query(sequence, record.ReceiptId, record.IdempotencyScope, record.Nonce);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _insertKey.Dispose();
        _findByNonce.Dispose();
        _findById.Dispose();
        _holds.Dispose();
    }
}
