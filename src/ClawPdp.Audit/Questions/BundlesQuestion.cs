using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Json;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Audit.Questions;

/// <summary>Does the agent itself vouch for what the records say?</summary>
internal sealed class BundlesQuestion
{
    public const string Id = "bundles";
    public const string Text = "Do the signed bundles hold, and do they say what the records say?";

    private readonly AuditCase _case;
    private readonly AnswerBuilder _answer = new();

    private BundlesQuestion(AuditCase subject) => _case = subject;

    public static AuditAnswer Answer(AuditCase subject) => new BundlesQuestion(subject).Answer();

    private AuditAnswer Answer()
    {
        for (var index = 0; index < _case.File.Exports.Length; index++)
        {
            var export = _case.File.Exports[index];
            var verdict = ArtifactVerifier.Verify(export, _case.Trusted, _case.Now);
            if (!verdict.IsValid || verdict.Kind is not "export_bundle")
            {
                _answer.Fail("BUNDLE_INVALID", $"export {index + 1}: {verdict.Code}: {verdict.Field}: {verdict.Message}");
            }

            _answer.Show($"export {index + 1}", $"{verdict.Code}{(verdict.ProofTier.Length > 0 ? ", proof tier " + verdict.ProofTier : "")}, hash {export.FindText("bundle_hash_b64u")}");
        }

        if (_case.File.Exports.IsEmpty)
        {
            _answer.Fail("BUNDLE_INVALID", "there is no export bundle");
        }

        CheckAgent();
        CheckEvents();
        CheckReceipts();
        _answer.Show("signed by the agent", _case.AgentDid);
        return _answer.Build(Id, Text, $"what the agent signed ({_case.File.Exports.Length} of {_case.File.Exports.Length} bundles) holds exactly the recorded events and receipts");
    }

    private void CheckAgent()
    {
        foreach (var bundle in _case.Bundles())
        {
            if (!string.Equals(bundle.FindText("agent_did"), _case.AgentDid, StringComparison.Ordinal))
            {
                _answer.Fail("BUNDLE_OF_ANOTHER_AGENT", "a bundle is signed by another agent than that of the run");
            }
        }
    }

    private void CheckEvents()
    {
        var recorded = _case.Of(RecordKinds.Event).Select(static record => record.Text("event_hash_b64u"));
        var bundled = _case.Bundles().SelectMany(static bundle => bundle.Find("event_chain")?.Items ?? []).Select(static item => item.FindText("event_hash_b64u") ?? "");
        if (!recorded.SequenceEqual(bundled, StringComparer.Ordinal))
        {
            _answer.Fail("BUNDLE_DIFFERS", "the events of the bundles are not the recorded ones");
        }
    }

    // Every receipt of the records is in a bundle, word for word, or counted there as one that it cannot hold; and none else is.
    private void CheckReceipts()
    {
        var bundled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var receipt in _case.Bundles().SelectMany(AuditCase.ReceiptsOf))
        {
            bundled[AuditCase.IdOf(receipt)] = JsonWriter.CanonicalText(receipt);
        }

        foreach (var record in _case.Receipts)
        {
            var expected = JsonWriter.CanonicalText(record.Text("receipt_type") is "side_effect_receipt" ? record.Payload : record.Envelope.Value);
            if (bundled.Remove(record.Text("receipt_id"), out var found) && !string.Equals(found, expected, StringComparison.Ordinal))
            {
                _answer.Fail("BUNDLE_DIFFERS", $"the receipt of {record} is not in the bundles as it was recorded", record.Sequence);
            }

            CheckEnvelope(record);
        }

        foreach (var id in bundled.Keys)
        {
            _answer.Fail("BUNDLE_DIFFERS", $"the bundles hold the receipt `{id}`, which is not recorded");
        }

        CheckLeftOut();
    }

    private void CheckLeftOut()
    {
        var segments = _case.Of(RecordKinds.Event).ToLookup(static item => item.Text("event_hash_b64u"), static item => item.Number("segment"), StringComparer.Ordinal);
        var leftOut = _case.LeftOut().ToLookup(
            receipt => segments[receipt.Binding.FindText("event_hash_b64u") ?? ""].FirstOrDefault(),
            static receipt => receipt.Text("receipt_id"));
        var segment = 0L;
        foreach (var bundle in _case.Bundles())
        {
            segment++;
            var stated = bundle.Find("metadata")?.Find("clawpdp")?.Find(LeftOutReceipts.Name);
            if (!string.Equals(TextOf(stated), TextOf(LeftOutReceipts.Of(leftOut[segment])), StringComparison.Ordinal))
            {
                _answer.Fail("BUNDLE_DIFFERS", $"bundle {segment} leaves out other receipts than it says");
            }
        }

        if (leftOut.Any(group => group.Key < 1 || group.Key > segment))
        {
            _answer.Fail("BUNDLE_DIFFERS", "a receipt is about an event that is in no bundle");
        }
    }

    private static string TextOf(JsonValue? value) => value is null ? "" : JsonWriter.CanonicalText(value);

    private void CheckEnvelope(AuditedRecord record)
    {
        var verdict = EnvelopeVerifier.Verify(record.Envelope.Value, _case.Trusted, _case.Now);
        if (!verdict.IsValid || !string.Equals(verdict.EnvelopeType, record.Text("receipt_type"), StringComparison.Ordinal))
        {
            _answer.Fail("RECEIPT_INVALID", $"the receipt of {record}: {verdict.Code}: {verdict.Message}", record.Sequence);
        }

        if (!string.Equals(verdict.ReceiptId, record.Text("receipt_id"), StringComparison.Ordinal)
            || !string.Equals(record.Binding.FindText("run_id"), _case.File.RunId, StringComparison.Ordinal))
        {
            _answer.Fail("RECEIPT_INVALID", $"the receipt of {record} is another one, or of another run", record.Sequence);
        }
    }
}
