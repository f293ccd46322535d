using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Crypto.Verification;
using ClawPdp.Engine.Revocations;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Audit;

/// <summary>Packs a run for an auditor: sealed, signed by its agent, covered by the log.</summary>
internal sealed class ExportDesk
{
    private readonly LedgerStore _ledger;
    private readonly DiskWork _disk;
    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly AgentKeyStore _agents;
    private readonly LogPublisher _publisher;
    private readonly TimeProvider _time;

    public ExportDesk(LedgerStore ledger, DiskWork disk, KeyRingStore keys, RevocationView revocations, AgentKeyStore agents, LogPublisher publisher, TimeProvider time)
    {
        _ledger = ledger;
        _disk = disk;
        _keys = keys;
        _revocations = revocations;
        _agents = agents;
        _publisher = publisher;
        _time = time;
    }

    /// <summary>Exports a run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="signedBundles">The envelopes that the agent signed; empty where the sidecar signs, or payloads are wanted.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="LedgerException">The ledger cannot be read or written.</exception>
    public async Task<ExportOutcome> ExportAsync(string runId, IReadOnlyList<ReadOnlyMemory<byte>> signedBundles, CancellationToken cancellation)
    {
        if (await _disk.RunAsync(() => _ledger.FindRun(runId), cancellation) is not { } run)
        {
            return ExportOutcome.Refuse(ReasonCode.RunNotFound, MissingRun(), "run_id");
        }

        if (run.EventCount == 0)
        {
            return ExportOutcome.Refuse(ReasonCode.RunEmpty, "the run has no event yet", "run_id");
        }

        using var agentKey = _agents.Find(run.Run.AgentDid);
        if (agentKey is null && signedBundles.Count == 0)
        {
            return await _disk.RunLongAsync(() => new ExportOutcome { Unsigned = PayloadsOf(run, _ledger.ReadRun(runId)), AgentDid = run.Run.AgentDid }, cancellation);
        }

        var sealing = await _ledger.SealRunAsync(runId, _time.GetUtcNow(), CancellationToken.None);
        if (sealing.Record is not { } seal)
        {
            return ExportOutcome.Refuse(ReasonCode.RunNotFound, "no run of that id was started here", "run_id");
        }

        var records = await _disk.RunLongAsync(() => _ledger.ReadRecords(seal.Members.Append(sealing.Sequence)), cancellation);
        var payloads = PayloadsOf(run, records);
        var envelopes = signedBundles.Count > 0 ? Accept(payloads, signedBundles) : Sign(payloads, agentKey);
        if (envelopes.IsDefault)
        {
            return ExportOutcome.Refuse(ReasonCode.BundleInvalid, "the bundles are not the agent's signatures over the run as it stands now", "signed_bundles");
        }

        try
        {
            return await _publisher.SnapshotOfAsync(sealing.Sequence, cancellation) is { } log
                ? await _disk.RunLongAsync(() => Pack(runId, records, envelopes, new LogEvidence(log)), cancellation)
                : ExportOutcome.Refuse(ReasonCode.LogUnavailable, "the transparency log does not cover the run", "");
        }
        catch (LogDamagedException damage)
        {
            return ExportOutcome.Refuse(ReasonCode.LogUnavailable, damage.Message, "");
        }
    }

    /// <summary>Makes a key for an agent that has none, and gives its DID.</summary>
    public string CreateAgentKey() => _agents.Generate().PublicKey.Did;

    // The id of a run that was pruned is forgotten like everything else of it.
    private string MissingRun() => _ledger.Pruning.FindLast() is { } prune
        ? $"no run of that id is here; runs that were finished before {Rfc3339.Format(prune.Before)} may have been pruned"
        : "no run of that id was started here";

    private static ImmutableArray<JsonValue> PayloadsOf(RunSummary run, IReadOnlyList<LedgerRecord> records) =>
        new RunEvidence(run.Run.RunId, run.Run.AgentDid, Version(), records).Payloads();

    private static string Version() => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";

    private ImmutableArray<JsonValue> Sign(ImmutableArray<JsonValue> payloads, PurposeKey? key)
    {
        var now = _time.GetUtcNow();
        return key is null ? default : [.. payloads.Select(payload => Parse(key.SignEnvelope(EnvelopeTypes.ProofBundle, payload, now).Json))];
    }

    // The agent signs what it was given: a payload of its own, however well signed, is not the run that the ledger holds.
    private ImmutableArray<JsonValue> Accept(ImmutableArray<JsonValue> payloads, IReadOnlyList<ReadOnlyMemory<byte>> signedBundles)
    {
        var now = _time.GetUtcNow();
        ImmutableArray<string> signers = [.. _keys.Current.AcceptedOf(KeyPurpose.Receipt, now).Select(static key => key.PublicKey.Did)];
        if (signedBundles.Count != payloads.Length)
        {
            return default;
        }

        var accepted = ImmutableArray.CreateBuilder<JsonValue>();
        foreach (var (payload, bundle) in payloads.Zip(signedBundles))
        {
            var verdict = ArtifactVerifier.Verify(bundle.Span, signers, now);
            if (!verdict.IsValid
                || verdict.Kind is not EnvelopeTypes.ProofBundle
                || verdict.Artifact is not { } envelope
                || !string.Equals(envelope.FindText("payload_hash_b64u"), Sha256.OfCanonical(payload), StringComparison.Ordinal))
            {
                return default;
            }

            accepted.Add(envelope);
        }

        return accepted.ToImmutable();
    }

    private ExportOutcome Pack(string runId, IReadOnlyList<LedgerRecord> records, ImmutableArray<JsonValue> envelopes, LogEvidence log)
    {
        var key = _keys.Current.SignerOf(KeyPurpose.Receipt);
        if (KeySchedule.IsRevoked(key.PublicKey, _revocations))
        {
            return ExportOutcome.Refuse(ReasonCode.SignerUnavailable, "the key of receipts is revoked, and the next one is not there yet", "");
        }

        var now = _time.GetUtcNow();
        ImmutableArray<JsonValue> exports =
        [
            .. envelopes.Select(envelope => key.SignExport(new ExportBundle
            {
                ExportId = "exp_" + Guid.CreateVersion7(now).ToString("N"),
                CreatedAt = now,
                IssuerDid = key.PublicKey.Did,
                ProofBundleEnvelope = envelope,
            })),
        ];
        var evidence = new EvidenceFile
        {
            RunId = runId,
            Exports = exports,
            Records = [.. records.Select(Write)],
            Checkpoint = log.Checkpoint,
            Entries = log.EntriesOf(records),
            Batches = log.BatchesOf(records, _ledger),
            ReceiptProofs = log.ReceiptProofsOf(records),
        };
        return new ExportOutcome
        {
            Files =
            [
                ("evidence.json", evidence.ToBytes()),
                .. exports.Select(static (export, index) => (string.Create(CultureInfo.InvariantCulture, $"export-{index + 1}.json"), JsonWriter.WriteCanonical(export))),
            ],
        };
    }

    private static EvidenceRecord Write(LedgerRecord record) => new(
        record.Sequence,
        LogEntries.NameOf(record.Kind),
        Base64UrlText.Encode(record.PreviousHash.Span),
        System.Text.Encoding.UTF8.GetString(record.Content.Span));

    private static JsonValue Parse(ReadOnlyMemory<byte> json) => JsonReader.Parse(json.Span, EvidenceFile.SizeMaxBytes).Value;
}
