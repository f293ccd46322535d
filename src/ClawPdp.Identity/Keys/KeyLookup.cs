namespace ClawPdp.Identity.Keys;

/// <summary>The key for a token, or why there is none; exactly one of the two.</summary>
internal sealed class KeyLookup
{
    private KeyLookup(VerificationKey? key, IdentityRefusal? refusal)
    {
        Key = key;
        Refusal = refusal;
    }

    public VerificationKey? Key { get; }

    public IdentityRefusal? Refusal { get; }

    public static KeyLookup Found(VerificationKey key) => new(key, null);

    public static KeyLookup Refused(IdentityFailure code, string message, TimeSpan? retryAfter = null) =>
        new(null, new IdentityRefusal(code, message) { RetryAfter = retryAfter });
}
