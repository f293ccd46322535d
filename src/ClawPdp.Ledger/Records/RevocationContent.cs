namespace ClawPdp.Ledger.Records;

/// <summary>The content of a revocation's record.</summary>
internal static class RevocationContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static byte[] Write(RevocationRecord record)
    {
        if (record.Kind is < RevocationTargetKind.TokenHash or > RevocationTargetKind.IssuedBefore)
        {
            throw new ArgumentException("`Kind` must name something", nameof(record));
        }

        ContentLimits.ThrowUnlessText(record.RevocationId, ContentLimits.IdLengthMax, nameof(record.RevocationId));
        ContentLimits.ThrowUnlessText(record.Value, ContentLimits.TextLengthMax, nameof(record.Value));
        ContentLimits.ThrowIfLonger(record.Reason, ContentLimits.TextLengthMax, nameof(record.Reason));
        ContentLimits.ThrowIfLonger(record.RevokedBy, ContentLimits.TextLengthMax, nameof(record.RevokedBy));
        return ContentWriter.Write(record, static (json, revocation) =>
        {
            json.WriteString("revocation_id", revocation.RevocationId);
            json.WriteNumber("kind", (int)revocation.Kind);
            json.WriteString("value", revocation.Value);
            json.WriteInstant("revoked_at", revocation.RevokedAt);
            json.WriteOptional("reason", revocation.Reason);
            json.WriteString("revoked_by", revocation.RevokedBy);
            json.WriteInstant("expires_at", revocation.ExpiresAt);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static RevocationRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new RevocationRecord
        {
            RevocationId = json.Text("revocation_id"),
            Kind = (RevocationTargetKind)json.Number("kind"),
            Value = json.Text("value"),
            RevokedAt = json.Instant("revoked_at"),
            Reason = json.OptionalText("reason"),
            RevokedBy = json.Text("revoked_by"),
            ExpiresAt = json.OptionalInstant("expires_at"),
        };
    }
}
