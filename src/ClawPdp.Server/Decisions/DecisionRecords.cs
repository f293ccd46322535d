using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Decisions;

/// <summary>Makes the records of decisions.</summary>
internal static class DecisionRecords
{
    /// <summary>Makes the id of a decision.</summary>
    public static string NewId(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"dec_{Guid.CreateVersion7(now):N}");

    /// <summary>Gives the text of how a record is kept.</summary>
    public static string TextOf(DecisionLogMode mode) => mode == DecisionLogMode.Durable ? "durable" : "asynchronous";

    /// <summary>Makes the record of a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="asked">The question.</param>
    /// <param name="decisionId">The record's id.</param>
    /// <param name="sample">What a candidate would have answered, where that goes into the record; <see langword="null"/> for nothing.</param>
    /// <param name="mode">How the record is kept.</param>
    /// <param name="now">When it was decided.</param>
    public static DecisionRecord Of(Decision decision, AskedAction asked, string decisionId, ShadowVerdict? sample, DecisionLogMode mode, DateTimeOffset now) => new()
    {
        DecisionId = decisionId,
        DecidedAt = now,
        Effect = decision.Effect == Effect.Allow ? "ALLOW" : "DENY",
        ReasonCode = ReasonCatalog.NameOf(decision.Reason),
        TokenHash = decision.Token?.TokenHash,
        TokenScopeHash = decision.Token?.Claims.TokenScopeHash,
        Tool = asked.Question.Tool,
        Model = asked.Question.Model,
        Provider = asked.Question.Provider,
        Host = asked.Question.Host,
        PolicyHash = decision.Policy?.PolicyHash,
        RunId = asked.Question.RunId,
        EventHash = asked.EventHash,
        ArgumentsHash = asked.Question.ArgumentsHash,
        AgentDid = decision.Token?.Claims.Subject,
        Audience = asked.Question.Audience,
        StatedJson = StatedOf(decision.Chain, asked.Question.Stated),
        ApprovalHash = decision.Approval?.ApprovalHash,
        StatementIds = decision.StatementIds,
        ShadowPolicyHash = sample?.PolicyHash,
        ShadowReasonCode = sample is null ? null : ReasonCatalog.NameOf(sample.Reason),
        TraceParent = asked.Trace.Parent,
        TraceState = asked.Trace.State,
        Mode = TextOf(mode),
    };

    /// <summary>Makes the record of an approval that is used up.</summary>
    public static DocumentRecord DocumentOf(VerifiedApproval approval, DateTimeOffset now) =>
        new() { DocumentType = DocumentRecord.HumanApproval, Hash = approval.ApprovalHash, RecordedAt = now, Text = approval.EnvelopeJson };

    /// <summary>Gives what was stated of all that a policy looks at, as JSON; <see langword="null"/> for nothing. What it does not look at is nobody's business.</summary>
    public static string? StatedOf(PolicyChain? chain, IReadOnlyDictionary<string, string>? stated)
    {
        if (chain is null || stated is null || chain.StatedKeys.IsEmpty)
        {
            return null;
        }

        var members = new JsonObjectBuilder();
        foreach (var key in chain.StatedKeys)
        {
            if (stated.TryGetValue(key, out var value))
            {
                members.Add(key, value);
            }
        }

        var built = members.Build();
        return built.Members.IsEmpty ? null : JsonWriter.CanonicalText(built);
    }

    /// <summary>Reads what was stated back; <see langword="null"/> for nothing.</summary>
    public static IReadOnlyDictionary<string, string>? StatedIn(string? json) =>
        json is not null && JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(json), 1 << 20).TryGet(out var stated)
            ? stated.Members.ToDictionary(static member => member.Name, static member => member.Value.Text, StringComparer.Ordinal)
            : null;
}
