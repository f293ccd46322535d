using ClawPdp.Identity.Keys;

namespace ClawPdp.Identity.Tokens;

/// <summary>Verifies a token's signature with the one key it may be by.</summary>
internal static class SignatureCheck
{
    public static IdentityRefusal? Check(UntrustedToken token, VerificationKey key)
    {
        var signature = token.Parts.Signature;
        if (signature.Length == 0)
        {
            return new IdentityRefusal(IdentityFailure.IdTokenSignatureInvalid, "the ID token is not signed");
        }

        // INVARIANT: the key serves the algorithm, see KeySet.Find.
        return key.Verifier(token.Algorithm).Verify(token.Parts.SignedBytes(), signature)
            ? null
            : new IdentityRefusal(IdentityFailure.IdTokenSignatureInvalid, "the signature is not one by the issuer's key");
    }
}
