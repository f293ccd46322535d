using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>Which changes of the control plane a token allows, in the words of the public issuer.</summary>
internal static class TransitionMatrix
{
    private static readonly ImmutableArray<(string Name, string Scope)> Transitions =
    [
        ("controller.policy.update", "control:policy:update"),
        ("token.issue.sensitive", "control:token:issue_sensitive"),
        ("token.revoke", "control:token:revoke"),
        ("key.rotate", "control:key:rotate"),
    ];

    /// <summary>Tells whether there is a transition of that name.</summary>
    public static bool Has(string name) => Transitions.Any(transition => string.Equals(transition.Name, name, StringComparison.Ordinal));

    /// <summary>Gives the entry of each transition.</summary>
    public static JsonValue Of(VerifiedToken token)
    {
        var matrix = new JsonObjectBuilder();
        foreach (var (name, scope) in Transitions)
        {
            var (code, reason) = Judge(token, scope);
            matrix.Add(name, new JsonObjectBuilder()
                .Add("allowed", JsonValue.Of(code is "ALLOWED"))
                .Add("reason_code", code)
                .Add("reason", reason)
                .Build());
        }

        return matrix.Build();
    }

    private static (string Code, string Reason) Judge(VerifiedToken token, string scope)
    {
        if (token.Claims is not { OwnerDid: not null, ControllerDid: not null, AgentDid: not null })
        {
            return ("TOKEN_CONTROL_CHAIN_MISSING", "the token names no owner, controller and agent");
        }

        if (token.Claims.TokenLane is not "canonical")
        {
            return ("TOKEN_LANE_LEGACY_FORBIDDEN", "the token is not of the canonical lane");
        }

        return token.Scope.PlainScopes.Any(held => string.Equals(held, scope, StringComparison.Ordinal) || held is "control:*" or "*")
            ? ("ALLOWED", $"the token has the scope {scope}")
            : ("TOKEN_SCOPE_MISSING", $"the token lacks the scope {scope}");
    }
}
