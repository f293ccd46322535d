using System.Collections.Concurrent;
using ClawPdp.Core.Mappings;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Documents;

/// <summary>
/// Keeps the mappings that records name by their hashes, before the first record does: an auditor must be able to evaluate again what
/// has long been replaced. Policies are kept when they are taken in.
/// </summary>
internal sealed class DocumentArchive
{
    private readonly ConcurrentDictionary<(string Type, string Hash), byte> _kept = new();
    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;

    public DocumentArchive(LedgerStore ledger, TimeProvider time)
    {
        _ledger = ledger;
        _time = time;
    }

    /// <summary>Keeps a mapping.</summary>
    /// <exception cref="LedgerException">It could not be made durable.</exception>
    public Task KeepAsync(ScopeMappings mappings) => KeepAsync(DocumentRecord.ScopeMapping, mappings.MappingHash, mappings.CanonicalJson);

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
