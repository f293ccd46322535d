namespace ClawPdp.Crypto.Verification;

/// <summary>Why an envelope is refused.</summary>
public sealed record EnvelopeFault(string Code, string Field, string Message);
