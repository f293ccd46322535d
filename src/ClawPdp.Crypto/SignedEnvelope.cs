namespace ClawPdp.Crypto;

/// <summary>An envelope that was just signed.</summary>
/// <param name="Json">The envelope's text: UTF-8, members in JCS order.</param>
/// <param name="PayloadHash">The hash that was signed: base64url, 43 characters.</param>
public sealed record SignedEnvelope(ReadOnlyMemory<byte> Json, string PayloadHash);
