using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>
/// Names an action by its hash, so that a human can approve this very one: the SHA-256 of the JCS of an object with the members
/// <c>tool</c>, <c>model</c>, <c>host</c> (its normal form, with the port), <c>provider</c> and <c>args_hash_b64u</c>, of which those that were not asked
/// are absent.
/// </summary>
public static class ActionDigest
{
    /// <summary>Gives the hash, base64url, 43 characters.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="argumentsHash">The hash of the action's arguments; <see langword="null"/> or empty when not stated.</param>
    public static string Compute(in PolicyQuestion question, string? argumentsHash) => Sha256.OfCanonical(new JsonObjectBuilder()
        .AddIfPresent("tool", question.Tool?.Text)
        .AddIfPresent("model", question.Model?.Text)
        .AddIfPresent("host", question.Host?.ToString())
        .AddIfPresent("provider", question.Provider)
        .AddIfPresent("args_hash_b64u", argumentsHash)
        .Build());
}
