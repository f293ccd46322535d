using System.Collections.Immutable;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds the envelopes of policies: the first one is the document of the policy's hash, later ones stand here.</summary>
internal sealed class PolicyTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _later;
    private readonly Statement _all;

    public PolicyTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO policy_envelope VALUES ($sequence, $policy)",
            "$sequence",
            "$policy");
        _later = new Statement(
            connection,
            "SELECT sequence FROM policy_envelope WHERE policy_hash = $policy ORDER BY sequence",
            "$policy");
        _all = new Statement(
            connection,
            """
            SELECT content FROM document JOIN record USING (sequence)
            WHERE document_type IN ($first, $later) ORDER BY sequence
            """,
            "$first",
            "$later");
    }

    public void Insert(long sequence, string policyHash) => _insert.Run(sequence, policyHash);

    /// <summary>Gives the records of a policy's later envelopes, ascending.</summary>
    public ImmutableArray<long> Later(string policyHash)
    {
        var all = ImmutableArray.CreateBuilder<long>();
        using var rows = _later.Query(policyHash);
        while (rows.Read())
        {
            all.Add(rows.GetInt64(0));
        }

        return all.DrainToImmutable();
    }

    /// <summary>Gives the envelopes of all policies, ascending.</summary>
    public ImmutableArray<DocumentRecord> All()
    {
        var all = ImmutableArray.CreateBuilder<DocumentRecord>();
        using var rows = _all.Query(DocumentRecord.Policy, DocumentRecord.PolicyEnvelope);
        while (rows.Read())
        {
            all.Add(DocumentContent.Read(rows.GetBytes(0)));
        }

        return all.DrainToImmutable();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _later.Dispose();
        _all.Dispose();
    }
}
