using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Records;

/// <summary>When records were made, by what stands in them.</summary>
internal static class RecordTimes
{
    private const int TailLength = 64;

    /// <summary>Gives the latest time in the newest records; <see langword="null"/> when there is none, or they cannot be read.</summary>
    public static DateTimeOffset? Newest(LedgerTables tables)
    {
        try
        {
            return Read(tables);
        }
        catch (Exception failure) when (failure is LedgerException or SqliteException)
        {
            // Whoever opened a damaged file on purpose hears of the damage where it matters.
            return null;
        }
    }

    private static DateTimeOffset? Read(LedgerTables tables)
    {
        var newest = default(DateTimeOffset?);
        using var rows = tables.Records.From(Math.Max(1, tables.Records.ReadHead().Sequence - TailLength + 1));
        while (rows.Read())
        {
            // A pruned record has no content.
            if (NameOf((RecordKind)rows.GetInt32(1)) is { } name && rows.GetBytes(2) is { Length: > 0 } bytes)
            {
                using var content = new ContentReader(bytes);
                var recorded = content.OptionalInstant(name);
                newest = recorded > (newest ?? DateTimeOffset.MinValue) ? recorded : newest;
            }
        }

        return newest;
    }

    private static string? NameOf(RecordKind kind) => kind switch
    {
        RecordKind.Receipt => "signed_at",
        RecordKind.Issuance => "issued_at",
        RecordKind.Revocation => "revoked_at",
        RecordKind.Refusal => "refused_at",
        RecordKind.Decision => "decided_at",
        RecordKind.Document or RecordKind.Event => "recorded_at",
        RecordKind.Run => "started_at",
        RecordKind.Seal => "sealed_at",
        RecordKind.Activation => "activated_at",
        RecordKind.Act => "acted_at",
        _ => null,
    };
}
