using System.Collections.Immutable;
using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>What one of two policies makes of a question.</summary>
public sealed class Side
{
    private Side(Verdict verdict, PolicyFailure failure, ImmutableArray<string> statements, string reason)
    {
        Verdict = verdict;
        Failure = failure;
        Statements = statements;
        Reason = reason;
    }

    /// <summary>Gets the verdict.</summary>
    public Verdict Verdict { get; }

    /// <summary>Gets what is not allowed; for a verdict that hangs on an approval, without one.</summary>
    public PolicyFailure Failure { get; }

    /// <summary>Gets the ids of the statements that decided; those of an approved action when it needs an approval.</summary>
    public ImmutableArray<string> Statements { get; }

    /// <summary>Gets why, in words.</summary>
    public string Reason { get; }

    /// <summary>Asks a policy both ways.</summary>
    internal static Side Of(PolicyChain chain, Cell cell)
    {
        var without = chain.Evaluate(cell.Question);
        var with = chain.UsesApproval ? chain.Evaluate(cell.Question with { HasHumanApproval = true }) : without;
        var verdict = (without.IsAllowed, with.IsAllowed) switch
        {
            (true, true) => Verdict.Allow,
            (false, true) => Verdict.NeedsApproval,
            (true, false) => Verdict.AllowUnlessApproved,
            _ => Verdict.Deny,
        };
        var deciding = verdict == Verdict.NeedsApproval ? with : without;
        var statements = DecidingOf(chain, deciding, cell).Distinct(StringComparer.Ordinal).ToImmutableArray();
        return new Side(verdict, without.Failure, statements, ReasonOf(deciding, statements));
    }

    // An allow lists the statements of all dimensions; those of the dimension that the question was made for say why.
    private static IEnumerable<string> DecidingOf(PolicyChain chain, PolicyOutcome outcome, Cell cell)
    {
        var ids = chain.StatementIdsOf(outcome);
        if (!outcome.IsAllowed || cell.Asked.Names.Count == 1)
        {
            return ids;
        }

        return chain.Links.SelectMany(static link => link.Statements)
            .Where(statement => ids.Contains(statement.Sid, StringComparer.Ordinal) && statement.MatchedActions.Contains(cell.Action))
            .Select(static statement => statement.Sid);
    }

    private static string ReasonOf(PolicyOutcome outcome, ImmutableArray<string> statements) => outcome.Failure switch
    {
        PolicyFailure.None => statements.IsEmpty ? "no list restricts it" : "allowed by " + Listed(statements),
        PolicyFailure.Denied => "denied by " + Listed(statements),
        PolicyFailure.NotAllowed => "no statement allows it",
        PolicyFailure.ProviderNotAllowed => "the provider is not in allowed_providers",
        PolicyFailure.ModelNotAllowed => "the model is not in allowed_models",
        PolicyFailure.ModelIdentityTierTooLow => "minimum_model_identity_tier is above what any model has",
        PolicyFailure.EgressNotAllowed => "the host is not in egress_allowlist",
        _ => "nothing is judged",
    };

    private static string Listed(ImmutableArray<string> statements) => string.Join(", ", statements.Select(static sid => $"`{sid}`"));
}
