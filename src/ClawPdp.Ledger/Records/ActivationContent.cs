using ClawPdp.Ledger.Policies;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of an activation's record.</summary>
internal static class ActivationContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static void ThrowIfOutOfBounds(ActivationDraft draft)
    {
        if (draft.ActivationNumber is < 0 or > ActivationRecord.NumberMax)
        {
            throw new ArgumentException($"`{nameof(draft.ActivationNumber)}` must be 0 to {ActivationRecord.NumberMax}", nameof(draft));
        }

        if (draft.Overlap < TimeSpan.Zero)
        {
            throw new ArgumentException($"`{nameof(draft.Overlap)}` must be at least 0", nameof(draft));
        }

        if (draft.Source is not (ActivationRecord.Api or ActivationRecord.File))
        {
            throw new ArgumentException($"`{nameof(draft.Source)}` must name where the activation comes from", nameof(draft));
        }

        ContentLimits.ThrowUnlessText(draft.PolicyHash, ContentLimits.IdLengthMax, nameof(draft.PolicyHash));
        ContentLimits.ThrowIfLonger(draft.Audience, ContentLimits.TextLengthMax, nameof(draft.Audience));
        ContentLimits.ThrowIfLonger(draft.Reason, ContentLimits.TextLengthMax, nameof(draft.Reason));
        foreach (var (name, value) in draft.Facts)
        {
            ContentLimits.ThrowUnlessText(name, ContentLimits.IdLengthMax, nameof(draft.Facts));
            ContentLimits.ThrowIfLonger(value, ContentLimits.TextLengthMax, nameof(draft.Facts));
        }
    }

    public static byte[] Write(ActivationRecord record) => ContentWriter.Write(record, static (json, activation) =>
    {
        json.WriteNumber("activation_number", activation.ActivationNumber);
        json.WriteString("policy_hash_b64u", activation.PolicyHash);
        json.WriteString("audience", activation.Audience);
        json.WriteOptional("previous_policy_hash_b64u", activation.PreviousPolicyHash);
        json.WriteInstant("activated_at", activation.ActivatedAt);
        json.WriteInstant("overlap_until", activation.OverlapUntil);
        json.WriteString("source", activation.Source);
        json.WriteOptional("reason", activation.Reason);
    });

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static ActivationRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new ActivationRecord
        {
            ActivationNumber = json.LongNumber("activation_number"),
            PolicyHash = json.Text("policy_hash_b64u"),
            Audience = json.Text("audience"),
            PreviousPolicyHash = json.OptionalText("previous_policy_hash_b64u"),
            ActivatedAt = json.Instant("activated_at"),
            OverlapUntil = json.OptionalInstant("overlap_until"),
            Source = json.Text("source"),
            Reason = json.OptionalText("reason"),
        };
    }
}
