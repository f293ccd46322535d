using System.Collections.Immutable;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Policies;

/// <summary>A chain of policies with the keys that signed them.</summary>
public sealed class SignedChain
{
    private readonly ImmutableArray<UInt128> _marks;

    /// <summary>Initializes a new instance of the <see cref="SignedChain"/> class.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="signerKeyIds">The key ids of those who signed a policy of the chain.</param>
    public SignedChain(PolicyChain chain, ImmutableArray<string> signerKeyIds)
    {
        Chain = chain;
        _marks =
        [
            .. chain.Links.Select(static link => RevocationMark.Of(RevocationKind.PolicyHash, link.PolicyHash)),
            .. signerKeyIds.Select(static keyId => RevocationMark.Of(RevocationKind.KeyId, keyId)),
        ];
    }

    /// <summary>Gets the chain.</summary>
    public PolicyChain Chain { get; }

    /// <summary>Gets the hash of the policy at the end of the chain.</summary>
    public string PolicyHash => Chain.Policy.PolicyHash;

    /// <summary>Tells whether a policy of the chain, or a key that signed one, is revoked: then nothing is allowed by it.</summary>
    public bool IsWithdrawn(RevocationView revocations) => !revocations.IsEmpty && revocations.HasAny(_marks.AsSpan());
}
