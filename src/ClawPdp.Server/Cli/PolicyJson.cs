using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Cli;

/// <summary>Writes what a sidecar says about policies, for people and as JSON.</summary>
internal static class PolicyJson
{
    /// <summary>Gives the members of a policy.</summary>
    public static JsonObjectBuilder Of(Policy? policy) => new JsonObjectBuilder()
        .Add("policy_hash_b64u", policy?.PolicyHashB64U ?? "")
        .Add("policy_id", policy?.PolicyId ?? "")
        .Add("format_version", policy?.FormatVersion ?? "")
        .AddIfPresent("policy_version", policy?.PolicyVersion)
        .Add("issuer_did", policy?.IssuerDid ?? "")
        .Add("signer_did", policy?.SignerDid ?? "");

    /// <summary>Gives an instant; <see langword="null"/> for none.</summary>
    public static string? When(Timestamp? instant) => instant is null ? null : Rfc3339.Format(instant.ToDateTimeOffset());

    /// <summary>Gives an audience in words.</summary>
    public static string AudienceWords(string audience) => audience.Length > 0 ? audience : "(all without their own)";
}
