using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Audit;

/// <summary>Makes the proof bundles of a run from its records, one for each segment. The same records give the same payloads.</summary>
internal sealed class RunEvidence
{
    private const int ContentSizeMaxBytes = 4 * 1024 * 1024;

    private readonly string _runId;
    private readonly string _agentDid;
    private readonly string _version;
    private readonly SortedDictionary<int, List<RunEvent>> _segments = [];
    private readonly Dictionary<string, int> _segmentOfEvent = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<(string Type, JsonValue Envelope)>> _receipts = [];

    /// <param name="runId">The run.</param>
    /// <param name="agentDid">The run's agent.</param>
    /// <param name="version">The version of this program, which the bundles name.</param>
    /// <param name="records">The records that belong to the run, ascending.</param>
    /// <exception cref="LedgerException">A record is damaged.</exception>
    public RunEvidence(string runId, string agentDid, string version, IReadOnlyList<LedgerRecord> records)
    {
        _runId = runId;
        _agentDid = agentDid;
        _version = version;
        foreach (var record in records.Where(static record => record.Kind == RecordKind.Event))
        {
            AddEvent(Parse(record.Content));
        }

        foreach (var record in records.Where(static record => record.Kind == RecordKind.Receipt))
        {
            AddReceipt(Parse(record.Content));
        }
    }

    /// <summary>Gives the payloads of the bundles, in the order of the segments.</summary>
    /// <exception cref="LedgerException">The records do not make a bundle that a public verifier takes.</exception>
    public ImmutableArray<JsonValue> Payloads() => [.. _segments.Keys.Select(PayloadOf)];

    private static JsonValue Parse(ReadOnlyMemory<byte> json) =>
        JsonReader.Parse(json.Span, ContentSizeMaxBytes) is { IsValid: true } parsed ? parsed.Value : throw Damaged("a record in the ledger cannot be read");

    private static LedgerException Damaged(string message) => new(LedgerFault.Corrupt, message);

    private static JsonValue PayloadOf(JsonValue envelope) => envelope.Find("payload") ?? JsonValue.Null;

    private static string? AnchorOf(JsonValue envelope)
    {
        var binding = PayloadOf(envelope).Find("binding");
        return binding?.FindText("tool_span_id") ?? binding?.FindText("parent_span_id") ?? binding?.FindText("span_id");
    }

    // The first of a kind, in the order in which they were signed: what is below one of them was signed after it.
    private static ImmutableArray<JsonValue> Fitting(List<(string Type, JsonValue Envelope)> receipts, string type, Func<JsonValue, bool> isFitting) =>
        [.. receipts.Where(receipt => string.Equals(receipt.Type, type, StringComparison.Ordinal) && isFitting(receipt.Envelope)).Select(static receipt => receipt.Envelope).Take(ProofBundle.ReceiptCountMax)];

    private void AddEvent(JsonValue content)
    {
        var segment = (int)(content.Find("segment")?.Number ?? 0);
        var item = new RunEvent
        {
            EventId = content.FindText("event_id") ?? "",
            RunId = content.FindText("run_id") ?? "",
            EventType = content.FindText("event_type") ?? "",
            Timestamp = content.FindText("timestamp") ?? "",
            PayloadHash = content.FindText("payload_hash_b64u") ?? "",
            PreviousHash = content.FindText("prev_hash_b64u"),
            EventHash = content.FindText("event_hash_b64u") ?? "",
        };
        if (!_segments.TryGetValue(segment, out var events))
        {
            _segments.Add(segment, events = []);
        }

        events.Add(item);
        _segmentOfEvent[item.EventHash] = segment;
    }

    private void AddReceipt(JsonValue content)
    {
        var envelope = Parse(System.Text.Encoding.UTF8.GetBytes(content.FindText("envelope") ?? ""));
        var hash = envelope.Find("payload")?.Find("binding")?.FindText("event_hash_b64u") ?? "";
        if (!_segmentOfEvent.TryGetValue(hash, out var segment))
        {
            throw Damaged("a receipt in the ledger points to no event of its run");
        }

        if (!_receipts.TryGetValue(segment, out var receipts))
        {
            _receipts.Add(segment, receipts = []);
        }

        receipts.Add((content.FindText("receipt_type") ?? "", envelope));
    }

    private JsonValue PayloadOf(int segment)
    {
        var events = _segments[segment];
        var receipts = _receipts.GetValueOrDefault(segment) ?? [];
        var calls = Fitting(receipts, "gateway_receipt", static _ => true);
        var spans = calls.Select(static call => PayloadOf(call).Find("binding")?.FindText("span_id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var tools = Fitting(receipts, "tool_receipt", tool => AnchorOf(tool) is not { } anchor || spans.Contains(anchor));
        var effects = Fitting(receipts, "side_effect_receipt", effect => AnchorOf(effect) is { } anchor && spans.Contains(anchor));
        var leftOut = receipts.Select(static receipt => receipt.Envelope).Except([.. calls, .. tools, .. effects], ReferenceEqualityComparer.Instance).OfType<JsonValue>();
        var built = new ProofBundle
        {
            // Named by what it holds: the same run exported again without anything new gives the same bundle to sign.
            BundleId = string.Create(CultureInfo.InvariantCulture, $"bundle_{segment}_{events[^1].EventHash}"),
            AgentDid = _agentDid,
            Events = [.. events],
            GatewayReceipts = calls,
            ToolReceipts = tools,
            SideEffectReceipts = [.. effects.Select(PayloadOf)],
            Metadata = MetadataOf(segment, leftOut.Select(static receipt => PayloadOf(receipt).FindText("receipt_id") ?? "")),
        }.ToPayload();
        return built.IsValid ? built.Value : throw Damaged($"the run `{_runId}` makes no proof bundle: {built.Faults[0].Pointer}: {built.Faults[0].Message}");
    }

    private JsonValue MetadataOf(int segment, IEnumerable<string> leftOut) => new JsonObjectBuilder()
        .Add("harness", new JsonObjectBuilder().Add("id", "clawpdp").Add("version", _version).Build())
        .Add("clawpdp", new JsonObjectBuilder()
            .Add("segment", segment)
            .Add("segment_count", _segments.Count)
            .AddIfPresent("previous_event_hash_b64u", segment > 1 ? _segments[segment - 1][^1].EventHash : null)
            .AddIfPresent(LeftOutReceipts.Name, LeftOutReceipts.Of(leftOut))
            .Build())
        .Build();
}
