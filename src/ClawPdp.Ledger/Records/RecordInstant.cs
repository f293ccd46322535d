namespace ClawPdp.Ledger.Records;

/// <summary>Finds in a record's content when it was made.</summary>
internal static class RecordInstant
{
    /// <exception cref="LedgerException">The content is damaged, or the kind is not known.</exception>
    public static DateTimeOffset Of(RecordKind kind, ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return json.Instant(MemberOf(kind));
    }

    private static string MemberOf(RecordKind kind) => kind switch
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
        RecordKind.Prune => "pruned_at",
        RecordKind.Act => "acted_at",
        _ => throw new LedgerException(LedgerFault.Corrupt, "the kind of a record is not known"),
    };
}
