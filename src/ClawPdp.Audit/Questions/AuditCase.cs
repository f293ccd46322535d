using System.Collections.Frozen;
using System.Collections.Immutable;
using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Questions;

/// <summary>What is under audit, with whom the auditor trusts.</summary>
internal sealed class AuditCase
{
    // A user's sign-in and eight delegations.
    private const int LineageLengthMax = 9;
    private const int PolicySizeMaxBytes = 4 * 1024 * 1024;

    private readonly FrozenDictionary<string, ImmutableArray<AuditedRecord>> _byKind;
    private readonly Dictionary<string, AuditedRecord> _issuances = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ancestors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Hash), AuditedRecord> _documents = [];
    private readonly Dictionary<string, AuditedRecord> _decisions = new(StringComparer.Ordinal);

    public AuditCase(EvidenceFile file, ImmutableArray<string> trusted, ImmutableArray<string> approvers, ImmutableArray<DistrustedKey> distrusted, DateTimeOffset now)
    {
        Distrusted = distrusted;
        File = file;
        Trusted = trusted;
        Approvers = approvers;
        Now = now;
        Records = [.. file.Records.Select(static record => new AuditedRecord(record))];
        _byKind = Records.GroupBy(static record => record.Kind, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToImmutableArray(), StringComparer.Ordinal);
        foreach (var record in Of(RecordKinds.Issuance))
        {
            _issuances.TryAdd(record.Text("token_hash"), record);
        }

        foreach (var issuance in Of(RecordKinds.Issuance))
        {
            _ancestors.UnionWith(LineageOf(issuance).Skip(1).Select(static ancestor => ancestor.Text("token_hash")));
        }

        foreach (var record in Of(RecordKinds.Document))
        {
            _documents.TryAdd((record.Text("document_type"), record.Text("hash_b64u")), record);
        }

        foreach (var record in Of(RecordKinds.Decision))
        {
            _decisions.TryAdd(record.Text("decision_id"), record);
        }
    }

    public EvidenceFile File { get; }

    public ImmutableArray<string> Trusted { get; }

    /// <summary>Gets the did:keys of the humans whose approvals the auditor takes.</summary>
    public ImmutableArray<string> Approvers { get; }

    /// <summary>Gets the keys of receipts that the auditor does not believe.</summary>
    public ImmutableArray<DistrustedKey> Distrusted { get; }

    public DateTimeOffset Now { get; }

    public ImmutableArray<AuditedRecord> Records { get; }

    public ImmutableArray<AuditedRecord> Receipts => Of(RecordKinds.Receipt);

    /// <summary>Gets the start of the run; <see langword="null"/> when it is missing or there are several.</summary>
    public AuditedRecord? Run => Of(RecordKinds.Run) is [var only] ? only : null;

    public string AgentDid => Run?.Text("agent_did") ?? "";

    /// <summary>Gets the seal; <see langword="null"/> when the last record is none.</summary>
    public AuditedRecord? Seal => !Records.IsEmpty && Records[^1].Kind is RecordKinds.Seal ? Records[^1] : null;

    public ImmutableArray<AuditedRecord> Of(string kind) => _byKind.TryGetValue(kind, out var found) ? found : [];

    public AuditedRecord? IssuanceOf(AuditedRecord record) => _issuances.GetValueOrDefault(record.Text("token_hash"));

    /// <summary>Gives the issuance of the token that a delegated one came from; <see langword="null"/> for a user's sign-in, and where it is missing.</summary>
    public AuditedRecord? ParentOf(AuditedRecord issuance) =>
        issuance.Payload.Find("parent")?.FindText("token_hash") is { } parent ? _issuances.GetValueOrDefault(parent) : null;

    /// <summary>Gives an issuance and those that it descends from, as far as they are there; never more than any token can have.</summary>
    public IEnumerable<AuditedRecord> LineageOf(AuditedRecord issuance)
    {
        var (next, left) = ((AuditedRecord?)issuance, LineageLengthMax);
        for (; left > 0 && next is not null; left--)
        {
            yield return next;
            next = ParentOf(next);
        }
    }

    /// <summary>Tells whether another token of the file descends from that of an issuance.</summary>
    public bool IsAncestor(AuditedRecord issuance) => _ancestors.Contains(issuance.Text("token_hash"));

    public AuditedRecord? Document(string type, string hash) => _documents.GetValueOrDefault((type, hash));

    /// <summary>Gives the hash of the policy that one inherits from; empty for none, and where the policy is not there.</summary>
    public string ParentPolicyOf(string policyHash)
    {
        var text = Document("policy", policyHash)?.Text("text") ?? "";
        return JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), PolicySizeMaxBytes) is { IsValid: true } envelope
            ? envelope.Value.Find("payload")?.FindText("inherits") ?? ""
            : "";
    }

    public AuditedRecord? Decision(string decisionId) => _decisions.GetValueOrDefault(decisionId);

    /// <summary>Gives the payloads of the signed proof bundles, in the order of the segments.</summary>
    public IEnumerable<JsonValue> Bundles() => File.Exports.Select(static export =>
        export.Find("artifacts")?.Find("proof_bundle_envelope")?.Find("payload") ?? JsonValue.Null);

    /// <summary>Gives the receipts in the lists of a bundle: envelopes, or payloads where the format wants those.</summary>
    public static IEnumerable<JsonValue> ReceiptsOf(JsonValue bundle) =>
        ((ImmutableArray<string>)["receipts", "tool_receipts", "side_effect_receipts"]).SelectMany(list => bundle.Find(list)?.Items ?? []);

    /// <summary>Gives the id of a receipt in a bundle.</summary>
    public static string IdOf(JsonValue receipt) => (receipt.Find("payload") ?? receipt).FindText("receipt_id") ?? "";

    /// <summary>Gives the recorded receipts that are in no bundle.</summary>
    public IEnumerable<AuditedRecord> LeftOut()
    {
        var bundled = Bundles().SelectMany(ReceiptsOf).Select(IdOf).ToHashSet(StringComparer.Ordinal);
        return Receipts.Where(receipt => !bundled.Contains(receipt.Text("receipt_id")));
    }
}
