using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Holders;

/// <summary>
/// What one call shows of who makes it. A proof is looked at when a token asks for it, at most once: each question of the call about the same token
/// rests on the same look. Safe for concurrent use.
/// </summary>
public sealed class HolderEvidence
{
    /// <summary>The most proofs that a call is looked at for.</summary>
    public const int ProofCountMax = 16;

    private readonly Lock _looking = new();
    private readonly HashSet<string> _proven = new(StringComparer.Ordinal);
    private readonly ProofRules _rules;
    private ImmutableArray<HolderProof> _parsed;

    /// <summary>Initializes a new instance of the <see cref="HolderEvidence"/> class.</summary>
    /// <param name="rules">What a proof must meet.</param>
    public HolderEvidence(ProofRules rules) => _rules = rules;

    /// <summary>Gets the user that the kernel names; <see langword="null"/> where it names none.</summary>
    public uint? PeerUserId { get; init; }

    /// <summary>Gets the proofs that came with the call: secrets of a minute.</summary>
    public ImmutableArray<string> Proofs { get; init; } = [];

    /// <summary>Gets the method of the request, such as <c>POST</c>.</summary>
    public string Method { get; init; } = "";

    /// <summary>Gets the address of the request: scheme, authority and path.</summary>
    public string Target { get; init; } = "";

    /// <summary>Says what is wrong with the proof of a key for a token; <see langword="null"/> when it holds.</summary>
    /// <remarks>The instant is that of the question: a call that is long under way shows its token while the proof is good, or not at all.</remarks>
    internal Refusal? FindFault(string thumbprint, VerifiedToken token, DateTimeOffset now)
    {
        if (Proofs.Length > ProofCountMax)
        {
            return new Refusal(ReasonCode.TokenProofInvalid, "more proofs came with the call than are looked at");
        }

        lock (_looking)
        {
            // What was proved stays so for the call. No more tokens are kept than there are proofs, however long the call lasts.
            if (_proven.Contains(token.TokenHash))
            {
                return null;
            }

            var fault = Look(thumbprint, token, now);
            if (fault is null)
            {
                _proven.Add(token.TokenHash);
            }

            return fault;
        }
    }

    private Refusal? Look(string thumbprint, VerifiedToken token, DateTimeOffset now)
    {
        if (_parsed.IsDefault)
        {
            _parsed = [.. Proofs.Select(HolderProof.Parse).OfType<HolderProof>()];
        }

        // Others are for other tokens of the call, or for none.
        var tokenHash = Base64UrlText.Encode(Convert.FromHexString(token.TokenHash));
        if (_parsed.FirstOrDefault(proof => string.Equals(proof.TokenHash, tokenHash, StringComparison.Ordinal)) is not { } own)
        {
            return new Refusal(ReasonCode.TokenProofInvalid, "the proof is malformed, or for another token");
        }

        return _rules.FindFault(own, thumbprint, Method, Target, now) is { } fault ? new Refusal(ReasonCode.TokenProofInvalid, fault) : null;
    }
}
