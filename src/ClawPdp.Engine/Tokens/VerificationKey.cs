using ClawPdp.Crypto;

namespace ClawPdp.Engine.Tokens;

/// <summary>A public key that tokens may be signed with.</summary>
/// <param name="Key">The key.</param>
/// <param name="NotAfter">The last instant at which the key is accepted; <see langword="null"/> means without end.</param>
public sealed record VerificationKey(Ed25519PublicKey Key, DateTimeOffset? NotAfter);
