using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Approvals;

/// <summary>What the sidecar said a human has to approve. It came by way of the agent: only the hashes are bound to the action, the words are not.</summary>
internal sealed record ApprovalRequest
{
    private const int TextSizeMaxBytes = 1 << 20;

    // Where an obligation lies in an answer, a refusal, an explanation and their protobuf JSON, and in an answer of AuthZEN.
    private static readonly ImmutableArray<string> Wrappers = ["approval", "refusal", "answer", "response", "context", "properties"];

    /// <summary>Gets the hash of the action, base64url.</summary>
    public required string ActionDigest { get; init; }

    /// <summary>Gets the scope hash of the token that asked, base64url.</summary>
    public required string TokenScopeHash { get; init; }

    /// <summary>Gets the policy that wants the approval, base64url.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Gets the action in words; empty for none.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Gets the ids of the statements that want the approval.</summary>
    public ImmutableArray<string> StatementIds { get; init; } = [];

    /// <summary>Reads an answer, a refusal or an obligation, in the names of the protos or of their JSON form.</summary>
    public static Result<ApprovalRequest> Read(ReadOnlySpan<byte> text)
    {
        var parsed = JsonReader.Parse(text, TextSizeMaxBytes);
        if (!parsed.TryGet(out var root))
        {
            return Result.Invalid<ApprovalRequest>(parsed.Faults);
        }

        var found = Obligations(root, depth: 0).ToImmutableArray();
        if (found is not [var obligation])
        {
            return Result.Invalid<ApprovalRequest>("", found.IsEmpty ? "nothing in it asks for an approval" : "more than one approval is asked for: give one obligation alone");
        }

        var request = new ApprovalRequest
        {
            ActionDigest = Text(obligation, "action_digest_b64u", "actionDigestB64u"),
            TokenScopeHash = Text(obligation, "token_scope_hash_b64u", "tokenScopeHashB64u"),
            PolicyHash = Text(obligation, "policy_hash_b64u", "policyHashB64u"),
            Summary = Text(obligation, "summary", "summary"),
            StatementIds = [.. (obligation.Find("statement_ids") ?? obligation.Find("statementIds"))?.Items.Select(static item => item.Text) ?? []],
        };
        return request.Faults() is { IsEmpty: false } faults ? Result.Invalid<ApprovalRequest>(faults) : Result.Valid(request);
    }

    /// <summary>Finds the hashes that are none.</summary>
    public ImmutableArray<Fault> Faults() =>
    [
        .. new[] { ("/action_digest_b64u", ActionDigest), ("/token_scope_hash_b64u", TokenScopeHash), ("/policy_hash_b64u", PolicyHash) }
            .Where(static pair => !Base64UrlText.IsSha256(pair.Item2))
            .Select(static pair => new Fault(pair.Item1, "43 canonical base64url characters are expected")),
    ];

    private static IEnumerable<JsonValue> Obligations(JsonValue value, int depth)
    {
        if (depth > Wrappers.Length)
        {
            return [];
        }

        if (value.Find("action_digest_b64u") is not null || value.Find("actionDigestB64u") is not null)
        {
            return [value];
        }

        var listed = (value.Find("obligations")?.Items ?? []).SelectMany(item => Obligations(item, depth + 1));
        return listed.Concat(Wrappers.Select(value.Find).OfType<JsonValue>().SelectMany(inner => Obligations(inner, depth + 1)));
    }

    private static string Text(JsonValue obligation, string name, string jsonName) => obligation.FindText(name) ?? obligation.FindText(jsonName) ?? "";
}
