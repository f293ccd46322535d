using System.Collections.Immutable;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>
/// What must hold between the tables that find records and the records. The walk over the chain looks from the records to the tables; these
/// look back, for rows that no record stands behind, and at what the walk does not compare. Each query gives a sequence that is wrong.
/// </summary>
internal static class IndexRules
{
    public static ImmutableArray<(string Complaint, string Query)> All { get; } =
    [
        .. ((ReadOnlySpan<(string Table, RecordKind Kind)>)[
            ("receipt", RecordKind.Receipt),
            ("idempotency_key", RecordKind.Receipt),
            ("issuance", RecordKind.Issuance),
            ("revocation", RecordKind.Revocation),
            ("document", RecordKind.Document),
            ("run", RecordKind.Run),
            ("event", RecordKind.Event),
            ("decision", RecordKind.Decision),
            ("activation", RecordKind.Activation),
            ("policy_envelope", RecordKind.Document),
            ("span", RecordKind.Receipt),
        ]).ToArray().Select(static pair => ($"table {pair.Table} names a record that is none of its kind", Foreign(pair.Table, pair.Kind))),
        (
            "table revocation says of another record that it revoked its target",
            $"""
            SELECT t.sequence FROM revocation AS t JOIN record AS r USING (sequence) LEFT JOIN record AS e ON e.sequence = t.expiry_sequence
            WHERE e.kind IS NOT 3 OR t.expiry_sequence < t.sequence
                OR {Member("r", "kind")} IS NOT t.kind OR {Member("r", "value")} IS NOT t.value
                OR {Member("e", "kind")} IS NOT t.kind OR {Member("e", "value")} IS NOT t.value
            LIMIT 1
            """),
        (
            "table revocation says something else about the end than the record that it rests on",
            $"""
            SELECT sequence FROM (
                SELECT t.sequence AS sequence, t.expires_ms AS kept, {Member("e", "expires_at")} AS stated FROM revocation AS t JOIN record AS e ON e.sequence = t.expiry_sequence)
            WHERE CASE WHEN stated IS NULL THEN kept <> {long.MaxValue}
                ELSE kept - strftime('%s', substr(stated, 1, 19)) * 1000 NOT IN ((CAST(substr(stated, 21, 7) AS INTEGER) + 9999) / 10000, 1000) END
            LIMIT 1
            """),
        (
            "table event leads to another event",
            $"""
            SELECT t.sequence FROM event AS t JOIN record AS r USING (sequence)
            WHERE {Member("r", "run_id")} IS NOT t.run_id OR {Member("r", "event_id")} IS NOT t.event_id OR {Member("r", "event_hash_b64u")} IS NOT t.event_hash
            LIMIT 1
            """),
        (
            "table idempotency_key leads to a receipt of another nonce",
            $"""
            SELECT t.sequence FROM idempotency_key AS t JOIN record AS r USING (sequence)
            WHERE {Member("r", "idempotency_scope")} IS NOT t.idempotency_scope OR {Member("r", "nonce")} IS NOT t.nonce
            LIMIT 1
            """),
        (
            "table run does not find a run",
            $"""
            SELECT r.sequence FROM record AS r LEFT JOIN run AS t USING (sequence)
            WHERE r.kind = 7 AND length(r.content) > 0 AND t.run_id IS NOT {Member("r", "run_id")} LIMIT 1
            """),
        (
            "table run says something else about the end of a run than its seals",
            $"""
            SELECT t.sequence FROM run AS t
            WHERE t.finish_sequence IS NOT (
                SELECT min(m.sequence) FROM run_record AS m JOIN record AS s USING (sequence)
                WHERE m.run_id = t.run_id AND m.kind = 9 AND {Member("s", "state")} = 'finished')
            LIMIT 1
            """),
        (
            "table run_record says something else than the record",
            $"""
            SELECT m.sequence FROM run_record AS m LEFT JOIN record AS r USING (sequence)
            WHERE r.kind IS NOT m.kind OR length(r.content) = 0
                OR m.run_id IS NOT CASE WHEN m.kind = 1 THEN {Member("r", "idempotency_scope")} ELSE {Member("r", "run_id")} END
                OR m.agent IS NOT CASE WHEN m.kind IN (4, 5) THEN {Member("r", "agent_did")} ELSE (
                    SELECT {Member("s", "agent_did")} FROM run AS t JOIN record AS s USING (sequence) WHERE t.run_id = m.run_id) END
            LIMIT 1
            """),
        (
            "table run_record leaves a record out",
            $"""
            SELECT r.sequence FROM record AS r
            WHERE r.kind IN (1, 4, 5) AND length(r.content) > 0
                AND CASE WHEN r.kind = 1 THEN 1 ELSE {Member("r", "run_id")} IS NOT NULL AND {Member("r", "agent_did")} IS NOT NULL END
                AND NOT EXISTS (
                    SELECT 1 FROM run_record AS m
                    WHERE m.run_id = CASE WHEN r.kind = 1 THEN {Member("r", "idempotency_scope")} ELSE {Member("r", "run_id")} END
                        AND m.sequence = r.sequence)
            LIMIT 1
            """),
        (
            "table span says something else than the receipt",
            $"""
            SELECT t.sequence FROM span AS t JOIN record AS r USING (sequence)
            WHERE {Member("r", "idempotency_scope")} IS NOT t.run_id
                OR strftime('%s', substr({Member("r", "signed_at")}, 1, 19)) * 1000 + substr({Member("r", "signed_at")}, 21, 3) IS NOT t.time_ms
                OR ifnull({Binding("span_id")}, t.span_id) IS NOT t.span_id
                OR ifnull({Binding("phase")}, '') IS NOT t.phase
                OR ifnull((
                    SELECT {Member("e", "segment")} FROM event AS v JOIN record AS e USING (sequence)
                    WHERE v.run_id = t.run_id AND v.event_hash = {Binding("event_hash_b64u")}), t.segment) IS NOT t.segment
            LIMIT 1
            """),
        (
            "table policy_envelope names another policy than the envelope",
            $"""
            SELECT r.sequence FROM document AS d JOIN record AS r USING (sequence) LEFT JOIN policy_envelope AS t USING (sequence)
            WHERE (d.document_type = 'policy_envelope') IS NOT (t.sequence IS NOT NULL)
                OR (json_valid({Member("r", "text")}) AND json_extract({Member("r", "text")}, '$.payload_hash_b64u') <> t.policy_hash)
            LIMIT 1
            """),
        (
            "table used_approval names a decision that does not rest on the approval",
            $"""
            SELECT t.sequence FROM used_approval AS t LEFT JOIN record AS r ON r.sequence = t.sequence AND length(r.content) > 0
            WHERE NOT EXISTS (SELECT 1 FROM document AS d WHERE d.document_type = 'human_approval' AND d.hash = t.approval_hash)
                OR ((t.sequence > $through OR r.sequence IS NOT NULL) AND (r.kind IS NOT 5 OR {Member("r", "approval_hash_b64u")} IS NOT t.approval_hash))
            LIMIT 1
            """),
        (
            "table approved_receipt names a receipt that does not rest on the decision",
            $"""
            SELECT t.sequence FROM approved_receipt AS t LEFT JOIN record AS r ON r.sequence = t.sequence AND length(r.content) > 0
            WHERE (t.sequence > $through OR r.sequence IS NOT NULL)
                AND (r.kind IS NOT 1 OR {Member("r", "decision_id")} IS NOT t.decision_id OR {Member("r", "receipt_type")} IS NOT t.receipt_type)
            LIMIT 1
            """),
    ];

    private static string Foreign(string table, RecordKind kind) =>
        $"SELECT t.sequence FROM {table} AS t LEFT JOIN record AS r USING (sequence) WHERE r.kind IS NOT {(int)kind} OR length(r.content) = 0 LIMIT 1";

    // A pruned record is no JSON, and SQLite may look at more rows than it gives.
    private static string Member(string record, string name) =>
        $"json_extract(iif(length({record}.content) > 0, CAST({record}.content AS TEXT), NULL), '$.{name}')";

    private static string Binding(string name) => $"json_extract({Member("r", "envelope")}, '$.payload.binding.{name}')";
}
