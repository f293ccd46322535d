using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Holders;
using ClawPdp.Server.Callers;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Binds a token to the key of which a proof came with the request for it (RFC 9449 section 5).</summary>
internal sealed class ProvenKey
{
    private readonly ProofRules _rules;
    private readonly OAuthSettings _settings;
    private readonly TimeProvider _time;

    public ProvenKey(ProofRules rules, OAuthSettings settings, TimeProvider time)
    {
        _rules = rules;
        _settings = settings;
        _time = time;
    }

    /// <summary>Names the holder in a request, where a proof came with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">The same in our words.</param>
    /// <returns>What is wrong with the proof; <see langword="null"/> when nothing is, or there is none.</returns>
    public OAuthError? Bind(HttpContext context, V1.IssueCstRequest request)
    {
        var values = context.Request.Headers[CallEvidence.ProofHeader];
        if (values.Count == 0)
        {
            return null;
        }

        if (values is not [{ } text] || HolderProof.Parse(text) is not { } proof)
        {
            return OAuthError.Proof("one proof of an Ed25519 or P-256 key is expected");
        }

        // Nothing is used up, or strangers could have everybody's proofs refused: who sends this one again gets a token of a key that they do not have.
        // That of a token to delegate is used up together with it.
        var fault = _rules.FindFaultUnused(proof, proof.Key.Thumbprint, context.Request.Method, TargetOf(context), _time.GetUtcNow());
        request.Holder = new V1.TokenHolder { JwkThumbprint = proof.Key.Thumbprint };
        return fault is null ? null : OAuthError.Proof(fault);
    }

    /// <summary>Gives what the request shows of the holder of a token to delegate.</summary>
    public HolderEvidence? EvidenceOf(HttpContext context) =>
        CallEvidence.OfForwarded(context, context.Request.Headers[CallEvidence.ProofHeader], context.Request.Method, TargetOf(context));

    // A client makes it for the address that the metadata name.
    private string TargetOf(HttpContext context) => _settings.PublicUrl is { } url ? url + OAuthPaths.Token : CallEvidence.TargetOf(context.Features.GetRequiredFeature<IHttpRequestFeature>());
}
