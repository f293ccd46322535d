namespace ClawPdp.Crypto.Verification;

/// <summary>One check of a verification.</summary>
/// <param name="Name">What was checked, in lower_snake_case.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Detail">What was found; empty when there is nothing to add.</param>
public sealed record VerificationCheck(string Name, bool Passed, string Detail);
