using ClawPdp.Ledger;
using ClawPdp.Server.Time;

namespace ClawPdp.Server.Revocations;

/// <summary>The key of a revocation in the public feed (events:revocations:), by which the latest sorts first.</summary>
internal static class RevocationFeedKey
{
    /// <summary>Gives the key; that of a target other than a token hash names its kind, too.</summary>
    public static string Of(RevocationRecord record)
    {
        var target = record.Kind == RevocationTargetKind.TokenHash ? record.Value : NameOf(record.Kind) + ":" + record.Value;
        return $"events:revocations:{ReferenceText.Inverted(record.RevokedAt.ToUnixTimeSeconds())}:{target}";
    }

    /// <summary>Gives the name of a kind, as the feed has it.</summary>
    public static string NameOf(RevocationTargetKind kind) => kind switch
    {
        RevocationTargetKind.TokenHash => "token_hash",
        RevocationTargetKind.TokenId => "jti",
        RevocationTargetKind.Subject => "sub",
        RevocationTargetKind.Owner => "owner",
        RevocationTargetKind.KeyId => "kid",
        RevocationTargetKind.PolicyHash => "policy_hash_b64u",
        RevocationTargetKind.Mission => "mission_id",
        RevocationTargetKind.IssuedBefore => "issued_before",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), "no such kind of revocation"),
    };
}
