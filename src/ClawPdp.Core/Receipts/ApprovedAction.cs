using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>What an approval is for: one action of one agent, with one token scope, under one policy.</summary>
public sealed record ApprovedAction
{
    /// <summary>Gets the agent.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the scope hash of the agent's token, base64url.</summary>
    public required string TokenScopeHash { get; init; }

    /// <summary>Gets the policy that wants the approval, base64url.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Gets the hash of the action, see <see cref="Policies.ActionDigest"/>.</summary>
    public required string ActionDigest { get; init; }

    /// <summary>Gets the run; empty for any.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Gets the hash of the run's event that asks; empty for any.</summary>
    public string EventHash { get; init; } = "";

    /// <summary>Tells whether what is approved covers an action: all that it states is so, and each hash is stated.</summary>
    /// <param name="asked">The action. A run or event that it does not name is covered by no approval that names one.</param>
    public bool Covers(ApprovedAction asked) =>
        Is(AgentDid, asked.AgentDid)
        && Is(TokenScopeHash, asked.TokenScopeHash)
        && Is(PolicyHash, asked.PolicyHash)
        && Is(ActionDigest, asked.ActionDigest)
        && (RunId.Length == 0 || Is(RunId, asked.RunId))
        && (EventHash.Length == 0 || Is(EventHash, asked.EventHash));

    /// <summary>Reads what a payload is for; <see langword="null"/> when a hash is missing, or the binding contradicts the payload.</summary>
    internal static ApprovedAction? TryRead(JsonValue payload)
    {
        if (payload.FindText("agent_did") is not { Length: > 0 } agent
            || payload.FindText("scope_hash_b64u") is not { Length: > 0 } scope
            || payload.FindText("policy_hash_b64u") is not { Length: > 0 } policy
            || payload.FindText("plan_hash_b64u") is not { Length: > 0 } digest)
        {
            return null;
        }

        // The binding is optional; what it states must be so.
        var binding = payload.Find("binding") ?? JsonValue.Null;
        return IsAbsentOr(binding, "policy_hash", policy) && IsAbsentOr(binding, "token_scope_hash_b64u", scope)
            ? new ApprovedAction
            {
                AgentDid = agent,
                TokenScopeHash = scope,
                PolicyHash = policy,
                ActionDigest = digest,
                RunId = binding.FindText("run_id") ?? "",
                EventHash = binding.FindText("event_hash_b64u") ?? "",
            }
            : null;
    }

    /// <summary>Gives the binding of the payload.</summary>
    internal JsonValue ToBinding() => new JsonObjectBuilder()
        .AddIfPresent("run_id", RunId)
        .AddIfPresent("event_hash_b64u", EventHash)
        .Add("policy_hash", PolicyHash)
        .Add("token_scope_hash_b64u", TokenScopeHash)
        .Build();

    private static bool IsAbsentOr(JsonValue binding, string name, string expected) =>
        binding.Find(name) is not { } member || string.Equals(member.Text, expected, StringComparison.Ordinal);

    private static bool Is(string stated, string asked) => stated.Length > 0 && string.Equals(stated, asked, StringComparison.Ordinal);
}
