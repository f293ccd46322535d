using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
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

    private const string SchemaCode = "SCHEMA_VALIDATION_FAILED";

    /// <summary>Reads the text.</summary>
    /// <param name="text">The envelope.</param>
    /// <param name="signers">The DIDs whose signature is accepted.</param>
    /// <param name="now">The instant of reading.</param>
    public static Result<SignedPolicy> Read(ReadOnlySpan<byte> text, ImmutableArray<string> signers, DateTimeOffset now)
    {
        var reading = Judge(text, signers, now);
        return reading.Signed is { } signed ? Result.Valid(signed) : Result.Invalid<SignedPolicy>(reading.Faults);
    }

    /// <summary>Reads the text and says by a reason code what is wrong with it.</summary>
    /// <param name="text">The envelope.</param>
    /// <param name="signers">The DIDs whose signature is accepted.</param>
    /// <param name="now">The instant of reading.</param>
    public static PolicyReading Judge(ReadOnlySpan<byte> text, ImmutableArray<string> signers, DateTimeOffset now)
    {
        var verified = EnvelopeVerifier.Verify(text, signers, now);
        if (!verified.IsValid)
        {
            // The verifier names the first broken rule of the payload only.
            if (verified is { Code: SchemaCode, EnvelopeType: EnvelopeTypes.WorkPolicyContract, Payload: { } broken } && WpcLoader.Load(broken) is { IsValid: false } refused)
            {
                return Refuse(ReasonCode.WpcInvalid, Below(refused.Faults));
            }

            return Refuse(ReasonOf(verified.Code), new Fault("", $"the policy envelope is refused with {verified.Code}: {verified.Message}"));
        }

        if (verified.EnvelopeType is not EnvelopeTypes.WorkPolicyContract || verified.Payload is not { } payload)
        {
            return Refuse(ReasonCode.WpcEnvelopeInvalid, new Fault("/envelope_type", "a work_policy_contract envelope is expected"));
        }

        var loaded = WpcLoader.Load(payload);
        return loaded.TryGet(out var policy)
            ? new PolicyReading(new SignedPolicy(policy, verified.SignerDid), ReasonCode.Unspecified, [])
            : Refuse(ReasonCode.WpcInvalid, Below(loaded.Faults));
    }

    private static ReasonCode ReasonOf(string code) => code switch
    {
        "CLAIM_NOT_FOUND" or "DEPENDENCY_NOT_CONFIGURED" => ReasonCode.WpcSignerNotAllowed,
        "SIGNATURE_INVALID" or "CO_SIGNATURE_INVALID" => ReasonCode.WpcSignatureInvalid,
        _ => ReasonCode.WpcEnvelopeInvalid,
    };

    private static ImmutableArray<Fault> Below(ImmutableArray<Fault> faults) => [.. faults.Select(static fault => fault with { Pointer = "/payload" + fault.Pointer })];

    private static PolicyReading Refuse(ReasonCode reason, params ImmutableArray<Fault> faults) => new(null, reason, faults);
}
