using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;

namespace ClawPdp.Engine.Holders;

/// <summary>What a proof of a key must meet (RFC 9449 section 4.3), and which were used. Safe for concurrent use.</summary>
public sealed class ProofRules
{
    /// <summary>How far the clock of whoever makes a proof may be ahead.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(5);

    private readonly ProofMemory _memory;
    private readonly TimeSpan _ageMax;

    /// <summary>Initializes a new instance of the <see cref="ProofRules"/> class.</summary>
    /// <param name="ageMax">How old a proof may be when it comes.</param>
    /// <param name="start">The instant from which on used proofs are remembered; one that was made before is refused, as it may have been used.</param>
    public ProofRules(TimeSpan ageMax, DateTimeOffset start)
    {
        _ageMax = ageMax;
        _memory = new ProofMemory(ageMax + SkewMax, start);
    }

    /// <summary>Says what is wrong with a proof; <see langword="null"/> when it holds, and then it is used up.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="thumbprint">The thumbprint of the key that it must be of.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="target">The address of the request.</param>
    /// <param name="now">The instant of the question.</param>
    public string? FindFault(HolderProof proof, string thumbprint, string method, string target, DateTimeOffset now) =>
        FindFaultUnused(proof, thumbprint, method, target, now) ?? _memory.Take(proof, now) switch
        {
            ProofUse.First => null,
            ProofUse.Again => "the proof was used before, or made before the sidecar started",
            _ => "more proofs came within a short time than can be remembered",
        };

    /// <summary>As <see cref="FindFault"/>, but nothing is used up: where the same proof again gives nobody anything.</summary>
    /// <param name="proof">The proof.</param>
    /// <param name="thumbprint">The thumbprint of the key that it must be of.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="target">The address of the request.</param>
    /// <param name="now">The instant at which it came.</param>
    public string? FindFaultUnused(HolderProof proof, string thumbprint, string method, string target, DateTimeOffset now)
    {
        // From cheap to dear.
        if (!string.Equals(proof.Key.Thumbprint, thumbprint, StringComparison.Ordinal))
        {
            return "the proof is of another key than the token's";
        }

        if (!string.Equals(proof.Method, method, StringComparison.Ordinal) || !ProofTarget.Matches(proof.Target, target))
        {
            return "the proof is for another request: its `htm` or `htu` is not that of the call";
        }

        if (now - proof.IssuedAt > _ageMax || proof.IssuedAt - now > SkewMax)
        {
            return "the proof is too old, or of the future";
        }

        return Verifies(proof) ? null : "the proof's signature does not verify";
    }

    private static bool Verifies(HolderProof proof) => proof.Key.Algorithm switch
    {
        HolderKey.EdDsa => Ed25519PublicKey.TryFromRaw(proof.Key.X.Span, out var key) && key.Verify(proof.SigningInput.Span, proof.Signature.Span),
        HolderKey.Es256 => P256Signature.Verifies(proof.Key.X, proof.Key.Y, proof.SigningInput.Span, proof.Signature.Span),
        _ => false,
    };
}
