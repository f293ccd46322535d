namespace ClawPdp.Engine.Tokens;

/// <summary>A token whose signature held.</summary>
/// <param name="Text">The bytes of its whole text; they are never written to.</param>
/// <param name="Token">The token.</param>
/// <param name="KeySetId">The <see cref="KeySet.Id"/> of the keys with which it held: who remembers the token must not keep their whole cache.</param>
internal sealed record KnownToken(byte[] Text, VerifiedToken Token, object KeySetId);
