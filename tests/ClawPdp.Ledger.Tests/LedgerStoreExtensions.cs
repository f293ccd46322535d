using System.Collections.Immutable;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Tests;

/// <summary>What many tests do with a ledger.</summary>
internal static class LedgerStoreExtensions
{
    /// <summary>Appends an issuance that nothing stands against.</summary>
    public static Task<long> AppendIssuanceAsync(this LedgerStore store, IssuanceRecord record, CancellationToken cancellation) =>
        store.AppendIssuanceAsync(record, static () => { }, cancellation);

    /// <summary>Starts a run that nothing stands against.</summary>
    public static Task<RunOutcome> StartRunAsync(this LedgerStore store, RunRecord record, CancellationToken cancellation = default) =>
        store.StartRunAsync(record, static () => { }, cancellation);

    /// <summary>Finishes a run that nothing stands against.</summary>
    public static Task<RunOutcome> FinishRunAsync(this LedgerStore store, string runId, string agentDid, DateTimeOffset now, CancellationToken cancellation = default) =>
        store.FinishRunAsync(runId, agentDid, now, static () => { }, cancellation);

    /// <summary>Gives the first thousand revocations in the order of their first records.</summary>
    public static ImmutableArray<RevocationRecord> LoadRevocations(this LedgerStore store) =>
        [.. store.Revocations.ReadPage(0, 1_000).Reverse().Select(static revocation => revocation.Record)];
}
