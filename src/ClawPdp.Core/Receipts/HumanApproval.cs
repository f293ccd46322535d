using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>
/// A human's yes to one action (human_approval_receipt.v1, approval type <c>explicit_approve</c>; no other type counts). Who signed it is for
/// the verifier of its envelope to say.
/// </summary>
public sealed record HumanApproval
{
    /// <summary>The longest time that an approval counts for.</summary>
    public const int LifetimeMaxSeconds = 86_400;

    /// <summary>The longest summary.</summary>
    public const int SummaryLengthMax = 1024;

    private const string Approved = "explicit_approve";

    // An approver's clock may be ahead of ours.
    private static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(60);

    /// <summary>Gets the receipt's id.</summary>
    public required string ReceiptId { get; init; }

    /// <summary>Gets who approved, in the approver's own words: 1 character or more, not blank.</summary>
    public required string ApproverSubject { get; init; }

    /// <summary>Gets how it was approved, such as <c>cli_confirm</c>; <see langword="null"/> when not stated.</summary>
    public string? Method { get; init; }

    /// <summary>Gets what is approved.</summary>
    public required ApprovedAction Action { get; init; }

    /// <summary>Gets what is approved in words; <see langword="null"/> when not stated.</summary>
    public string? Summary { get; init; }

    /// <summary>Gets how long it counts, in seconds: 1 to 86,400.</summary>
    public required int LifetimeSeconds { get; init; }

    /// <summary>Gets when it was given.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Gets until when it counts, this instant included.</summary>
    public DateTimeOffset ExpiresAt => Timestamp.AddSeconds(LifetimeSeconds);

    /// <summary>Reads an approval of an action, if the payload is one.</summary>
    /// <param name="payload">The payload, found good by <see cref="ReceiptSchemas.CheckHumanApproval"/>.</param>
    /// <returns>The approval; <see langword="null"/> for a denial, for what no human gave, and for what does not say what it is for or how long it counts.</returns>
    public static HumanApproval? TryRead(JsonValue payload)
    {
        if (payload.FindText("approval_type") is not Approved
            || ReadLifetime(payload) is not { } lifetime
            || !Rfc3339.TryParse(payload.FindText("timestamp"), out var timestamp)
            || timestamp.UtcDateTime > DateTime.MaxValue.AddSeconds(-LifetimeMaxSeconds)
            || ApprovedAction.TryRead(payload) is not { } action
            || payload.FindText("approver_subject") is not { } subject
            || string.IsNullOrWhiteSpace(subject))
        {
            return null;
        }

        return new HumanApproval
        {
            ReceiptId = payload.FindText("receipt_id") ?? "",
            ApproverSubject = subject,
            Method = payload.FindText("approver_method"),
            Action = action,
            Summary = payload.FindText("scope_summary"),
            LifetimeSeconds = lifetime,
            Timestamp = timestamp,
        };
    }

    /// <summary>Tells whether its time is over.</summary>
    public bool IsExpired(DateTimeOffset now) => now > ExpiresAt;

    /// <summary>Tells whether it counts at an instant; up to a minute before it was given it does, as clocks differ.</summary>
    public bool CountsAt(DateTimeOffset now) => !IsExpired(now) && Timestamp <= now + SkewMax;

    /// <summary>Gives the payload, or every fault.</summary>
    public Result<JsonValue> ToPayload()
    {
        if (LifetimeSeconds is < 1 or > LifetimeMaxSeconds)
        {
            return Result.Invalid<JsonValue>("/minted_capability_ttl_seconds", $"must be from 1 to {LifetimeMaxSeconds}");
        }

        var payload = new JsonObjectBuilder()
            .Add("receipt_version", "1")
            .Add("receipt_id", ReceiptId)
            .Add("approver_subject", ApproverSubject)
            .Add("agent_did", Action.AgentDid)
            .Add("scope_hash_b64u", Action.TokenScopeHash)
            .Add("approval_type", Approved)
            .AddIfPresent("approver_method", Method)
            .AddIfPresent("scope_summary", Summary)
            .Add("policy_hash_b64u", Action.PolicyHash)
            .Add("plan_hash_b64u", Action.ActionDigest)
            .Add("minted_capability_ttl_seconds", LifetimeSeconds)
            .Add("hash_algorithm", "SHA-256")
            .Add("timestamp", Rfc3339.Format(Timestamp))
            .Add("binding", Action.ToBinding())
            .Build();
        return ReceiptRules.Finish(payload, ReceiptSchemas.CheckHumanApproval(payload), []);
    }

    private static int? ReadLifetime(JsonValue payload) =>
        payload.Find("minted_capability_ttl_seconds") is { Kind: JsonKind.Number } lifetime
        && lifetime.Number == Math.Floor(lifetime.Number)
        && lifetime.Number is >= 1 and <= LifetimeMaxSeconds
            ? (int)lifetime.Number
            : null;
}
