using ClawPdp.Ledger.Runs;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds documents by their hashes.</summary>
internal sealed class DocumentTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _find;
    private readonly Statement _holds;

    public DocumentTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO document VALUES ($sequence, $type, $hash)",
            "$sequence",
            "$type",
            "$hash");
        _find = new Statement(
            connection,
            "SELECT sequence, content FROM document JOIN record USING (sequence) WHERE document_type = $type AND document.hash = $hash",
            "$type",
            "$hash");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM document WHERE sequence = $sequence AND document_type = $type AND hash = $hash",
            "$sequence",
            "$type",
            "$hash");
    }

    public void Insert(long sequence, DocumentRecord record) => _insert.Run(sequence, record.DocumentType, record.Hash);

    public StoredRecord? Find(string documentType, string hash) => _find.Find(documentType, hash);

    /// <summary>Tells whether a record can be found by all its keys.</summary>
    public bool Holds(long sequence, DocumentRecord record)
    {
        using var rows = _holds.Query(sequence, record.DocumentType, record.Hash);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
        _holds.Dispose();
    }
}
