using System.Collections.Immutable;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Maintenance;

/// <summary>Checks the ledger of an installation, its log, and that the two agree.</summary>
internal static class WholeCheck
{
    /// <summary>Checks all of it.</summary>
    /// <param name="open">Opens the ledger.</param>
    /// <param name="logDirectory">The log's folder.</param>
    /// <param name="trusted">The did:keys of the log.</param>
    /// <param name="cancellation">Ends the checking.</param>
    /// <returns>The steps that were done, in order; the last one is the one that failed, if any did.</returns>
    public static ImmutableArray<LedgerCheckStep> Run(Func<LedgerSnapshot> open, string logDirectory, ImmutableArray<string> trusted, CancellationToken cancellation)
    {
        // The log goes first: what it has by then, the ledger has, too.
        var log = new LogFolder(logDirectory).ReadCheckpoint() is null ? null : LogCheck.Run(logDirectory, trusted, olderNote: null);
        using var ledger = open();
        var steps = LedgerCheck.Run(ledger, anchor: null, cancellation).ToBuilder();
        foreach (var step in Log(ledger, log, logDirectory, cancellation))
        {
            if (!steps[^1].Passed)
            {
                break;
            }

            steps.Add(step);
        }

        return steps.ToImmutable();
    }

    /// <summary>Tells whether every step passed.</summary>
    public static bool Holds(ImmutableArray<LedgerCheckStep> steps) => steps.All(static step => step.Passed);

    private static IEnumerable<LedgerCheckStep> Log(LedgerSnapshot ledger, LogCheckResult? log, string logDirectory, CancellationToken cancellation)
    {
        foreach (var step in log?.Steps ?? [])
        {
            yield return new LedgerCheckStep("log_" + step.Name, step.Passed, step.Detail);
        }

        // Without a checkpoint the sidecar was stopped before it wrote the first one: it signs the head that the ledger keeps.
        var agreement = new LogAgreement(ledger, logDirectory);
        yield return agreement.CheckHead(log?.Checkpoint);
        yield return agreement.CheckRecords(cancellation);
    }
}
