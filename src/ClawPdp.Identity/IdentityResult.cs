namespace ClawPdp.Identity;

/// <summary>
/// The outcome of checking a token: a <see cref="VerifiedIdentity"/> of an ID token, a <see cref="VerifiedAssertion"/> of
/// an identity assertion, or an <see cref="IdentityRefusal"/>.
/// </summary>
public abstract class IdentityResult
{
    private protected IdentityResult()
    {
    }
}
