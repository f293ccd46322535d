using System.Collections.Concurrent;
using ClawPdp.Core.Mappings;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Policies;

namespace ClawPdp.Server.Documents;

/// <summary>
/// Keeps the mappings and policies that records name by their hashes, before the first record does: an auditor must be able to
/// evaluate again what has long been replaced.
/// </summary>
internal sealed class DocumentArchive
{
    private readonly ConcurrentDictionary<(string Type, string Hash), byte> _kept = new();
    private readonly PolicyStore _policies;
    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;

    public DocumentArchive(PolicyStore policies, LedgerStore ledger, TimeProvider time)
    {
        _policies = policies;
        _ledger = ledger;
        _time = time;
    }

    /// <summary>Keeps a mapping.</summary>
    /// <exception cref="LedgerException">It could not be made durable.</exception>
    public Task KeepAsync(ScopeMappings mappings) => KeepAsync(DocumentRecord.ScopeMapping, mappings.MappingHash, mappings.CanonicalJson);

    /// <summary>Keeps a policy that was in force here; another one, such as one that a token is pinned to, is not ours to keep.</summary>
    /// <param name="policyHash">The hash; <see langword="null"/> for none.</param>
    /// <exception cref="LedgerException">It could not be made durable.</exception>
    public Task KeepPolicyAsync(string? policyHash) =>
        policyHash is not null && _policies.EnvelopeOf(policyHash) is { } envelope
            ? KeepAsync(DocumentRecord.Policy, policyHash, envelope)
            : Task.CompletedTask;

    private async Task KeepAsync(string type, string hash, ReadOnlyMemory<byte> text)
    {
        if (_kept.ContainsKey((type, hash)))
        {
            return;
        }

        await _ledger.KeepDocumentAsync(new DocumentRecord { DocumentType = type, Hash = hash, RecordedAt = _time.GetUtcNow(), Text = text });
        _kept.TryAdd((type, hash), 0);
    }
}
