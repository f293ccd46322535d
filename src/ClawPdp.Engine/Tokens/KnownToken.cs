namespace ClawPdp.Engine.Tokens;

/// <summary>A token whose signature held.</summary>
/// <param name="Text">The bytes of its whole text; they are never written to.</param>
/// <param name="Token">The token.</param>
/// <param name="Keys">The keys with which it held.</param>
internal sealed record KnownToken(byte[] Text, VerifiedToken Token, KeySet Keys);
