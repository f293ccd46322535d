using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Cli;

/// <summary>Makes a token out of claims in a file, so that the engine can be asked without a sidecar. Its key is made for it and thrown away.</summary>
internal static class OfflineToken
{
    /// <summary>The audience where claims name none.</summary>
    public const string AudienceDefault = "clawpdp";

    private const int LifetimeSeconds = 600;

    /// <summary>Gives claims that grant everything, for looking at a policy alone.</summary>
    /// <param name="agentDid">The agent.</param>
    public static JsonValue EverythingFor(string agentDid) => new JsonObjectBuilder()
        .Add("sub", agentDid)
        .Add("scope", JsonValue.ArrayOf(["tool:*", "model:*", "egress:*"]))
        .Build();

    /// <summary>Reads claims; what a file may leave out is filled in: version, audience, times and scope hash.</summary>
    /// <param name="path">Where they are from, for messages.</param>
    /// <param name="document">The claims as they stand in a token.</param>
    /// <param name="now">The instant of the question.</param>
    /// <exception cref="InputException">They are not acceptable.</exception>
    public static CstClaims Read(string path, JsonValue document, DateTimeOffset now)
    {
        if (document.Kind != JsonKind.Object)
        {
            throw new InputException($"{path}: an object of claims is expected");
        }

        var payload = JsonValue.ObjectOf(
        [
            .. document.Members,
            .. Defaults(now).Members.Where(member => document.Find(member.Name) is null),
        ]);
        var header = new JsonObjectBuilder().Add("alg", "EdDSA").Add("typ", "JWT").Add("kid", "0000000000000000").Build();
        var text = string.Join('.', Encode(header), Encode(payload), Base64UrlText.Encode(new byte[64]));
        var envelope = CstEnvelope.Parse(text, out var failure) ?? throw new InputException($"{path}: the claims make no token ({failure})");
        var claims = envelope.ReadClaims(out failure, out var field) ?? throw new InputException($"{path}: the claim `{field}` is not acceptable ({failure})");
        return claims.TokenScopeHash is null ? claims with { TokenScopeHash = TokenScopeHash.Compute(claims) } : claims;
    }

    /// <summary>Signs claims.</summary>
    public static string Sign(CstClaims claims, PurposeKey key) => CstWriter.Write(claims, key.PublicKey.KeyId, holder: null, key.SignToken);

    private static JsonValue Defaults(DateTimeOffset now) => new JsonObjectBuilder()
        .Add("token_version", "1")
        .Add("aud", AudienceDefault)
        .Add("iat", now.ToUnixTimeSeconds())
        .Add("exp", now.ToUnixTimeSeconds() + LifetimeSeconds)
        .Build();

    private static string Encode(JsonValue value) => Base64UrlText.Encode(JsonWriter.WriteCanonical(value));
}
