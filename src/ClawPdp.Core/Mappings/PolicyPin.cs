namespace ClawPdp.Core.Mappings;

/// <summary>A policy that tokens are bound to.</summary>
/// <param name="PolicyHash">The policy's hash: base64url, 43 characters.</param>
/// <param name="PolicyVersion">The operator's label, for people only; <see langword="null"/> when there is none.</param>
public sealed record PolicyPin(string PolicyHash, string? PolicyVersion);
