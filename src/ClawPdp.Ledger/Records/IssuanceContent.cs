namespace ClawPdp.Ledger.Records;

/// <summary>The content of an issuance's record.</summary>
internal static class IssuanceContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static byte[] Write(IssuanceRecord record)
    {
        ContentLimits.ThrowUnlessText(record.IssuanceId, ContentLimits.IdLengthMax, nameof(record.IssuanceId));
        ContentLimits.ThrowUnlessText(record.TokenHash, ContentLimits.IdLengthMax, nameof(record.TokenHash));
        ContentLimits.ThrowIfLonger(record.TokenId, ContentLimits.TextLengthMax, nameof(record.TokenId));
        ContentLimits.ThrowUnlessText(record.Subject, ContentLimits.TextLengthMax, nameof(record.Subject));
        ContentLimits.ThrowIfLonger(record.OwnerRef, ContentLimits.TextLengthMax, nameof(record.OwnerRef));
        ContentLimits.ThrowUnlessText(record.KeyId, ContentLimits.IdLengthMax, nameof(record.KeyId));
        ContentLimits.ThrowIfLonger(record.PolicyHash, ContentLimits.IdLengthMax, nameof(record.PolicyHash));
        ContentLimits.ThrowIfLonger(record.MissionId, ContentLimits.TextLengthMax, nameof(record.MissionId));
        ContentLimits.ThrowIfLonger(record.TokenScopeHash, ContentLimits.IdLengthMax, nameof(record.TokenScopeHash));
        ContentLimits.ThrowIfLonger(record.ParentTokenHash, ContentLimits.IdLengthMax, nameof(record.ParentTokenHash));
        ContentLimits.ThrowIfTraceIsLonger(record.TraceParent, record.TraceState);
        ContentLimits.ThrowUnlessEnvelope(record.EnvelopeJson.Span, nameof(record.EnvelopeJson));
        if (!record.DelegationJson.IsEmpty)
        {
            ContentLimits.ThrowUnlessEnvelope(record.DelegationJson.Span, nameof(record.DelegationJson));
        }

        return ContentWriter.Write(record, static (json, issuance) =>
        {
            json.WriteString("issuance_id", issuance.IssuanceId);
            json.WriteString("token_hash", issuance.TokenHash);
            json.WriteString("jti", issuance.TokenId);
            json.WriteString("sub", issuance.Subject);
            json.WriteString("owner_ref", issuance.OwnerRef);
            json.WriteString("kid", issuance.KeyId);
            json.WriteOptional("policy_hash_b64u", issuance.PolicyHash);
            json.WriteOptional("mission_id", issuance.MissionId);
            json.WriteString("token_scope_hash_b64u", issuance.TokenScopeHash);
            json.WriteInstant("issued_at", issuance.IssuedAt);
            json.WriteInstant("expires_at", issuance.ExpiresAt);
            json.WriteOptional("parent_token_hash", issuance.ParentTokenHash);
            if (!issuance.DelegationJson.IsEmpty)
            {
                json.WriteString("delegation", issuance.DelegationJson.Span);
            }

            json.WriteTrace(issuance.TraceParent, issuance.TraceState);
            json.WriteString("envelope", issuance.EnvelopeJson.Span);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static IssuanceRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new IssuanceRecord
        {
            IssuanceId = json.Text("issuance_id"),
            TokenHash = json.Text("token_hash"),
            TokenId = json.Text("jti"),
            Subject = json.Text("sub"),
            OwnerRef = json.Text("owner_ref"),
            KeyId = json.Text("kid"),
            PolicyHash = json.OptionalText("policy_hash_b64u"),
            MissionId = json.OptionalText("mission_id"),
            TokenScopeHash = json.Text("token_scope_hash_b64u"),
            IssuedAt = json.Instant("issued_at"),
            ExpiresAt = json.Instant("expires_at"),
            ParentTokenHash = json.OptionalText("parent_token_hash"),
            DelegationJson = System.Text.Encoding.UTF8.GetBytes(json.OptionalText("delegation") ?? ""),
            TraceParent = json.OptionalText("traceparent"),
            TraceState = json.OptionalText("tracestate"),
            EnvelopeJson = json.Utf8("envelope"),
        };
    }
}
