using System.Globalization;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Revocations;

/// <summary>The key of a revocation in the public feed (events:revocations:), by which the latest sorts first.</summary>
internal static class RevocationFeedKey
{
    private const long LastSecond = 9_999_999_999;

    /// <summary>Gives the key; that of a target other than a token hash names its kind, too.</summary>
    public static string Of(RevocationRecord record)
    {
        var left = Math.Clamp(LastSecond - record.RevokedAt.ToUnixTimeSeconds(), 0, LastSecond);
        var target = record.Kind == RevocationTargetKind.TokenHash ? record.Value : NameOf(record.Kind) + ":" + record.Value;
        return string.Create(CultureInfo.InvariantCulture, $"events:revocations:{left:D10}:{target}");
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
