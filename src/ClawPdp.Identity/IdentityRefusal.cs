namespace ClawPdp.Identity;

/// <summary>An ID token that was refused, and why.</summary>
public sealed class IdentityRefusal : IdentityResult
{
    internal IdentityRefusal(IdentityFailure code, string message)
    {
        Code = code;
        Message = message;
    }

    /// <summary>
    /// Gets the reason: of the first check that failed, in the fixed order of <see cref="IdTokenValidator"/>.
    /// </summary>
    public IdentityFailure Code { get; }

    /// <summary>Gets what is wrong: lower case, no full stop, never token text or personal data.</summary>
    public string Message { get; }

    /// <summary>
    /// Gets how long until the issuer's keys may be fetched again, at least zero;
    /// <see langword="null"/> when waiting changes nothing.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }
}
