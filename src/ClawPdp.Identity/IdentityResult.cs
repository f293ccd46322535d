namespace ClawPdp.Identity;

/// <summary>
/// The outcome of checking an ID token: a <see cref="VerifiedIdentity"/> or an <see cref="IdentityRefusal"/>.
/// </summary>
public abstract class IdentityResult
{
    private protected IdentityResult()
    {
    }
}
