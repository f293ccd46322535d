namespace ClawPdp.Core.Bundles;

/// <summary>What contradicts what in a bundle.</summary>
/// <param name="Code">The public verifier's code, <c>CAUSAL_…</c>.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) of the receipt in the payload.</param>
/// <param name="Message">The fault in words.</param>
public sealed record CausalFault(string Code, string Pointer, string Message);
