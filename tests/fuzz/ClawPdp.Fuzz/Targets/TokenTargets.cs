using System.Buffers.Text;
using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Tokens;
using ClawPdp.Identity;
using ClawPdp.Identity.Issuers;
using ClawPdp.Identity.Keys;
using ClawPdp.Identity.Tokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ClawPdp.Fuzz.Targets;

/// <summary>Tokens, and what identity providers send.</summary>
internal static class TokenTargets
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    private static readonly ClawPdp.Engine.Tokens.KeySet NoKeys = new([], Now);

    private static readonly string CstHeader = Encode("""{"alg":"EdDSA","kid":"0123456789abcdef","typ":"JWT"}""");

    private static readonly string IdTokenHeader = Encode("""{"alg":"RS256","kid":"k"}""");

    private static readonly string ProofHeader = Encode("""{"alg":"EdDSA","jwk":{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},"typ":"dpop+jwt"}""");

    private static readonly IssuerSettings Issuer = IssuerSettings.Create(new IssuerDocument { Issuer = "https://idp.example.com", ClientIds = ["client"] }).Value;

    /// <summary>Gets the parsers, in an order that the seeds rely on.</summary>
    public static Action<byte[]>[] All { get; } = [Cst, CstClaims, IdToken, IdTokenClaims, Keys, Discovery, Url, Texts, Proof, ProofClaims];

    private static void Cst(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (CstEnvelope.Parse(text, out _) is { } envelope)
        {
            _ = envelope.ReadClaims(out _, out _);
        }

        var fromText = TokenVerifier.Verify(text, NoKeys, new UncheckedLineages(), Now);
        Must.Hold(fromText is { Token: null, Reason: not ReasonCode.Allowed }, "a token of no known key is accepted");
        Must.Hold(TokenVerifier.Verify(PresentedToken.FromBytes(input, null), NoKeys, new UncheckedLineages(), Now).Token is null, "a token of no known key is accepted");
    }

    private static void CstClaims(byte[] input)
    {
        var token = $"{CstHeader}.{Base64Url.EncodeToString(input)}.{new string('A', 86)}";
        if (CstEnvelope.Parse(token, out _)?.ReadClaims(out _, out _) is { } claims)
        {
            Must.Hold(Base64UrlText.IsSha256(TokenScopeHash.Compute(claims)), "a scope hash is no hash");
            _ = Core.Grammar.GrantedScope.Compile(claims.Scope, allowWildcards: true);
        }
    }

    private static void IdToken(byte[] input) => _ = TokenReader.Read(Encoding.UTF8.GetString(input), IdTokenProfile.Only, out _);

    private static void IdTokenClaims(byte[] input)
    {
        _ = TokenReader.Read($"{IdTokenHeader}.{Base64Url.EncodeToString(input)}.AAAA", IdTokenProfile.Only, out var token);
        if (token is null)
        {
            return;
        }

        _ = AudienceCheck.Check(token.Claims, Issuer.ClientIds, out _);
        _ = LifetimeCheck.Check(token.Claims, Issuer, Now, out _, out _);
        _ = SubjectCheck.Check(token.Claims, out _);
        if (GroupsReader.Read(token.Claims, Issuer, out var groups) is null)
        {
            Must.Hold(!groups.IsDefault && groups.Length < Issuer.GroupsMax, "more groups than the limit");
        }
    }

    private static void Keys(byte[] input) => _ = KeySetReader.Read(input);

    private static void Discovery(byte[] input)
    {
        if (!StrictJson.TryParseObject(input, out var document))
        {
            return;
        }

        try
        {
            _ = IssuerUrl.KeySet(OpenIdConnectConfiguration.Create(document.GetRawText()).JwksUri, issuerIsLoopback: true);
        }
        catch (ArgumentException)
        {
            // As the fetcher takes it: the document is none.
        }
    }

    private static void Url(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (IssuerUrl.Check(text) is null)
        {
            _ = IssuerUrl.Discovery(text);
        }

        Must.Hold(IssuerUrl.KeySet(text, issuerIsLoopback: false) is not { } url || url.Scheme == Uri.UriSchemeHttps, "keys would be fetched without TLS");
    }

    private static void Texts(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        Must.Hold(!Base64UrlText.TryDecode(text, out var bytes) || Base64UrlText.Encode(bytes) == text, "two spellings of one base64url value");
        Must.Hold(!DidKey.TryDecode(text, out var key) || DidKey.Encode(key) == text, "two spellings of one did:key");
        _ = Did.IsValid(text);
        _ = Rfc3339.TryParse(text, out _);
        _ = VisibleText.Of(text);
    }

    private static void Proof(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (HolderProof.Parse(text) is { } proof)
        {
            Use(proof);
        }

        var header = Base64Url.EncodeToString(input);
        Must.Hold(CstEnvelope.Parse($"{header}.e30.{new string('A', 86)}", out _) is not { Holder: { UserId: null, KeyThumbprint: null } }, "a holder that is nobody");
    }

    private static void ProofClaims(byte[] input)
    {
        if (HolderProof.Parse($"{ProofHeader}.{Base64Url.EncodeToString(input)}.{new string('A', 86)}") is { } proof)
        {
            Use(proof);
        }
    }

    private static void Use(HolderProof proof)
    {
        var rules = new ProofRules(TimeSpan.FromSeconds(60), Now);
        Must.Hold(Base64UrlText.IsSha256(proof.Key.Thumbprint), "a thumbprint is no hash");
        Must.Hold(rules.FindFault(proof, "", proof.Method, proof.Target, proof.IssuedAt) is not null, "a proof holds for a key that is none");
        _ = rules.FindFault(proof, proof.Key.Thumbprint, proof.Method, proof.Target, proof.IssuedAt);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
