using ClawPdp.Ledger.Policies;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Policies;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates policies between the wire contract and the policy desk.</summary>
internal static class WirePolicies
{
    /// <summary>Reads a request that <see cref="PolicyRequestChecks"/> found well formed.</summary>
    public static ActivationCommand Read(ActivatePolicyRequest request) => new()
    {
        PolicyHash = request.PolicyHashB64U,
        Audience = request.Audience,
        Number = (long)request.ActivationNumber,
        Overlap = TimeSpan.FromSeconds(request.Overlap?.Seconds ?? 0),
        Reason = request.Reason,
    };

    /// <summary>Writes a policy.</summary>
    public static Policy Write(HeldPolicy held, MappingStore mappings) => new()
    {
        PolicyHashB64U = held.Policy.PolicyHash,
        PolicyId = held.Policy.PolicyId,
        FormatVersion = held.Policy.FormatVersion,
        PolicyVersion = mappings.LabelOf(held.Policy.PolicyHash),
        IssuerDid = held.Policy.IssuerDid,
        SignerDid = held.SignerDid,
    };

    /// <summary>Writes the policy that is active.</summary>
    public static ActivePolicy Write(ActivationRecord record, HeldPolicy held, MappingStore mappings) => new()
    {
        Policy = Write(held, mappings),
        EnvelopeJson = ByteString.CopyFrom(held.EnvelopeJson.Span),
        ActivatedAt = Timestamp.FromDateTimeOffset(record.ActivatedAt),
        ActivationNumber = (ulong)record.ActivationNumber,
        Audience = record.Audience,
        PreviousPolicyHashB64U = record.PreviousPolicyHash ?? "",
        OverlapUntil = Write(record.OverlapUntil),
    };

    /// <summary>Writes an activation.</summary>
    public static Activation Write(ActivationRecord record) => new()
    {
        ActivationNumber = (ulong)record.ActivationNumber,
        PolicyHashB64U = record.PolicyHash,
        Audience = record.Audience,
        PreviousPolicyHashB64U = record.PreviousPolicyHash ?? "",
        ActivatedAt = Timestamp.FromDateTimeOffset(record.ActivatedAt),
        OverlapUntil = Write(record.OverlapUntil),
        Source = record.Source,
        Reason = record.Reason ?? "",
    };

    /// <summary>Writes tokens that an activation would strand.</summary>
    public static StrandedTokens Write(StrandedGroup group) => new()
    {
        MissionId = group.MissionId,
        Group = group.Group,
        PolicyHashB64U = group.PolicyHash,
        TokenCount = group.Count,
        LastExpiresAt = Timestamp.FromDateTimeOffset(group.LastExpiresAt),
    };

    /// <summary>Writes why a policy was not taken in or not activated.</summary>
    public static Refusal Refuse(PolicyRefusal? refusal) => refusal is null
        ? WireReasons.Refuse(Core.Decisions.ReasonCode.InternalError, "no outcome")
        : WireReasons.Refuse(refusal.Reason, refusal.Message, refusal.Field, refusal.OffendingItem);

    private static Timestamp? Write(DateTimeOffset? instant) => instant is { } value ? Timestamp.FromDateTimeOffset(value) : null;
}
