using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Runs;

/// <summary>
/// Collects every record that belongs to a run (docs/evidence.md section 1): what its agent did in it, the decisions that its receipts
/// name with the approvals used up for them, the issuances of the tokens in them and of those that they came from, the documents that these name, and every revocation of
/// such a token or policy, and of a key that signed one of these receipts or issuances.
/// </summary>
internal sealed class RunMembers
{
    private readonly LedgerTables _tables;
    private readonly SortedSet<long> _sequences = [];
    private readonly HashSet<string> _tokenHashes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _policyHashes = new(StringComparer.Ordinal);

    private readonly HashSet<string> _signerDids = new(StringComparer.Ordinal);
    private readonly bool _isAnyKeyRevoked;

    private RunMembers(LedgerTables tables)
    {
        _tables = tables;
        _isAnyKeyRevoked = !tables.Revocations.Find(RevocationTargetKind.KeyId).IsEmpty;
    }

    /// <summary>Gives the sequences, ascending.</summary>
    /// <exception cref="LedgerException">A record is damaged.</exception>
    public static ImmutableArray<long> Collect(LedgerTables tables, RunRecord run)
    {
        var members = new RunMembers(tables);
        members.AddRun(run);
        members.AddIssuances();
        foreach (var hash in members._policyHashes)
        {
            members.AddChain(hash);
        }

        return [.. members._sequences];
    }

    private void AddRun(RunRecord run)
    {
        foreach (var sequence in _tables.Runs.Members(run.RunId, run.AgentDid))
        {
            var record = _tables.Records.Read(sequence);
            _sequences.Add(sequence);
            switch (record.Kind)
            {
                case RecordKind.Receipt:
                    AddReceipt(ReceiptContent.Read(record.Content));
                    break;
                case RecordKind.Decision:
                    AddDecision(DecisionContent.Read(record.Content));
                    break;
                case RecordKind.Refusal:
                    AddToken(RefusalContent.Read(record.Content).TokenHash);
                    break;
                case RecordKind.Run:
                    AddToken(RunContent.Read(record.Content).TokenHash);
                    break;
                case RecordKind.Event:
                    AddToken(EventContent.Read(record.Content).TokenHash);
                    break;
                default:
                    break;
            }
        }
    }

    // A policy, what it inherits from, and every envelope of each of them: an auditor needs one that a key of his trust signed.
    private void AddChain(string policyHash)
    {
        var hash = policyHash;
        for (var link = 0; link < PolicyChain.LinkCountMax && hash.Length > 0; link++)
        {
            if (_tables.Documents.Find(DocumentRecord.Policy, hash) is not { } stored)
            {
                return;
            }

            _sequences.Add(stored.Sequence);
            _sequences.UnionWith(_tables.Policies.Later(hash));
            AddRevocation(RevocationTargetKind.PolicyHash, hash);
            var document = DocumentContent.Read(stored.Content);
            hash = JsonReader.Parse(document.Text.Span, ContentLimits.EnvelopeSizeMaxBytes) is { IsValid: true } envelope
                ? envelope.Value.Find("payload")?.FindText("inherits") ?? ""
                : "";
        }
    }

    private void AddReceipt(ReceiptRecord receipt)
    {
        AddSigner(receipt.EnvelopeJson);
        AddToken(receipt.TokenHash);
        AddPolicy(receipt.PolicyHash);
        if (receipt.DecisionId is { } decisionId && _tables.Decisions.Find(decisionId) is { } decision)
        {
            _sequences.Add(decision.Sequence);
            AddDecision(DecisionContent.Read(decision.Content));
        }
    }

    private void AddDecision(DecisionRecord decision)
    {
        AddToken(decision.TokenHash);
        if (decision.ApprovalHash is { } approvalHash)
        {
            Add(_tables.Documents.Find(DocumentRecord.HumanApproval, approvalHash));
        }
    }

    private void AddIssuances()
    {
        var waiting = new Queue<string>(_tokenHashes);
        while (waiting.TryDequeue(out var tokenHash))
        {
            if (_tables.Issuances.FindByTokenHash(tokenHash) is not { } stored)
            {
                continue;
            }

            _sequences.Add(stored.Sequence);
            var issuance = IssuanceContent.Read(stored.Content);
            AddSigner(issuance.EnvelopeJson);
            var payload = JsonReader.Parse(issuance.EnvelopeJson.Span, ContentLimits.EnvelopeSizeMaxBytes) is { IsValid: true } envelope
                ? envelope.Value.Find("payload") ?? JsonValue.Null
                : throw new LedgerException(LedgerFault.Corrupt, "an issuance record in the ledger cannot be read");
            if (issuance.ParentTokenHash is { } parent && _tokenHashes.Add(parent))
            {
                waiting.Enqueue(parent);
            }

            AddPolicy(issuance.PolicyHash);
            Add(_tables.Documents.Find(DocumentRecord.ScopeMapping, payload.FindText("mapping_hash_b64u") ?? ""));
            AddRevocations(issuance, payload.FindText("owner_did"));
        }
    }

    private void AddRevocations(IssuanceRecord issuance, string? ownerDid)
    {
        AddRevocation(RevocationTargetKind.TokenHash, issuance.TokenHash);
        AddRevocation(RevocationTargetKind.TokenId, issuance.TokenId);
        AddRevocation(RevocationTargetKind.Subject, issuance.Subject);
        AddRevocation(RevocationTargetKind.Owner, issuance.OwnerRef);
        AddRevocation(RevocationTargetKind.Owner, ownerDid);
        AddRevocation(RevocationTargetKind.KeyId, issuance.KeyId);
        AddRevocation(RevocationTargetKind.PolicyHash, issuance.PolicyHash);
        AddRevocation(RevocationTargetKind.Mission, issuance.MissionId);
        foreach (var revocation in _tables.Revocations.Find(RevocationTargetKind.IssuedBefore))
        {
            if (long.TryParse(revocation.Record.Value, CultureInfo.InvariantCulture, out var instant) && issuance.IssuedAt.ToUnixTimeSeconds() < instant)
            {
                _sequences.Add(revocation.Sequence);
            }
        }
    }

    private void AddRevocation(RevocationTargetKind kind, string? value)
    {
        if (!string.IsNullOrEmpty(value) && _tables.Revocations.Find(kind, value) is { } revocation)
        {
            _sequences.Add(revocation.Sequence);
        }
    }

    // Keys of receipts are hardly ever revoked: then the envelopes need not be read.
    private void AddSigner(ReadOnlyMemory<byte> envelopeJson)
    {
        if (_isAnyKeyRevoked
            && JsonReader.Parse(envelopeJson.Span, ContentLimits.EnvelopeSizeMaxBytes).TryGet(out var envelope)
            && envelope.FindText("signer_did") is { } did
            && _signerDids.Add(did)
            && DidKey.TryDecode(did, out var key))
        {
            AddRevocation(RevocationTargetKind.KeyId, KeyId.Of(key));
        }
    }

    private void AddToken(string? tokenHash)
    {
        if (!string.IsNullOrEmpty(tokenHash))
        {
            _tokenHashes.Add(tokenHash);
        }
    }

    private void AddPolicy(string? policyHash)
    {
        if (!string.IsNullOrEmpty(policyHash))
        {
            _policyHashes.Add(policyHash);
        }
    }

    private void Add(StoredRecord? record)
    {
        if (record is not null)
        {
            _sequences.Add(record.Sequence);
        }
    }
}
