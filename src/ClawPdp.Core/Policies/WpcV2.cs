using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>A policy of version 2: statements that allow and deny. A Deny that matches wins; what nothing allows is denied.</summary>
public sealed class WpcV2 : WorkPolicyContract
{
    internal WpcV2(JsonValue payload, string policyId, string issuerDid, string policyHash, string? inherits, ImmutableArray<PolicyStatement> statements)
        : base(payload, policyId, issuerDid, policyHash)
    {
        Inherits = inherits;
        Statements = statements;
    }

    /// <inheritdoc/>
    public override string FormatVersion => "2";

    /// <inheritdoc/>
    public override string? Inherits { get; }

    /// <inheritdoc/>
    public override ImmutableArray<PolicyStatement> Statements { get; }

    /// <inheritdoc/>
    public override LinkOutcome Judge(PolicyAction action, string resource, in PolicyQuestion question, LinkTrace? trace = null)
    {
        var (allowing, denying) = (0UL, 0UL);
        for (var place = 0; place < Statements.Length; place++)
        {
            var statement = Statements[place];
            var statementTrace = trace is null ? null : new StatementTrace(statement);
            if (statement.Matches(action, resource, question, statementTrace))
            {
                _ = statement.Effect == Effect.Allow ? allowing |= 1UL << place : denying |= 1UL << place;
            }

            if (statementTrace is not null)
            {
                trace?.Statements.Add(statementTrace);
            }
        }

        var outcome = denying != 0 ? new LinkOutcome(PolicyFailure.Denied, denying)
            : allowing != 0 ? new LinkOutcome(PolicyFailure.None, allowing)
            : new LinkOutcome(PolicyFailure.NotAllowed, 0);
        if (trace is not null)
        {
            trace.Failure = outcome.Failure;
        }

        return outcome;
    }
}
