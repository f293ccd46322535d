using System.Collections.Immutable;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Server.Policies;

/// <summary>Reads a signed policy: the envelope by its signature and signer, then the payload by the policy's own rules.</summary>
internal static class PolicyEnvelopeReader
{
    /// <summary>The longest envelope that is read.</summary>
    public const int SizeMaxBytes = 1 << 20;

    /// <summary>Reads the text.</summary>
    /// <param name="text">The envelope.</param>
    /// <param name="signers">The DIDs whose signature is accepted.</param>
    /// <param name="now">The instant of reading.</param>
    public static Result<SignedPolicy> Read(ReadOnlySpan<byte> text, ImmutableArray<string> signers, DateTimeOffset now)
    {
        var verified = EnvelopeVerifier.Verify(text, signers, now);
        if (!verified.IsValid)
        {
            return Result.Invalid<SignedPolicy>("", $"the policy envelope is refused with {verified.Code}: {verified.Message}");
        }

        if (verified.EnvelopeType is not EnvelopeTypes.WorkPolicyContract || verified.Payload is not { } payload)
        {
            return Result.Invalid<SignedPolicy>("/envelope_type", "a work_policy_contract envelope is expected");
        }

        var loaded = WpcLoader.Load(payload);
        return loaded.TryGet(out var policy)
            ? Result.Valid(new SignedPolicy(policy, verified.SignerDid))
            : Result.Invalid<SignedPolicy>([.. loaded.Faults.Select(static fault => fault with { Pointer = "/payload" + fault.Pointer })]);
    }
}
