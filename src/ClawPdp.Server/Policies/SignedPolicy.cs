using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Policies;

/// <summary>A policy and who signed it.</summary>
internal sealed record SignedPolicy(WorkPolicyContract Policy, string SignerDid);
