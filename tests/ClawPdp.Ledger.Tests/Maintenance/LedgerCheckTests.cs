using System.Globalization;
using ClawPdp.Ledger.Maintenance;

namespace ClawPdp.Ledger.Tests.Maintenance;

public sealed class LedgerCheckTests : IDisposable
{
    private readonly OldLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Run_SidecarWrites_SeesOneMomentAndStopsNothing()
    {
        await _ledger.FillAsync();
        await using var store = _ledger.Files.Open();
        using var snapshot = LedgerSnapshot.Open(_ledger.Files.DirectoryPath);

        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        var steps = LedgerCheck.Run(snapshot, snapshot.Head, Cancellation);

        Assert.Equal(["pages", "schema", "chain", "index"], steps.Select(static step => step.Name));
        Assert.All(steps, static step => Assert.True(step.Passed, step.Detail));
        Assert.Equal(snapshot.Head.Sequence + 1, store.Head.Sequence);
        Assert.Null(snapshot.Find(snapshot.Head.Sequence + 1));
    }

    [Fact]
    public async Task Run_EndCutOff_IsSeenWithAHeadKeptElsewhere()
    {
        await _ledger.FillAsync();
        LedgerHead head;
        using (var snapshot = LedgerSnapshot.Open(_ledger.Files.DirectoryPath))
        {
            head = snapshot.Head;
        }

        _ledger.Files.Tamper($"UPDATE run SET finish_sequence = NULL WHERE finish_sequence = {head.Sequence}; DELETE FROM run_record WHERE sequence = {head.Sequence}; DELETE FROM record WHERE sequence = {head.Sequence}");

        _ledger.AssertHolds();
        Assert.Equal(("chain", false), _ledger.Check(head)[^1] is var last ? (last.Name, last.Passed) : default);
    }

    [Theory]
    [InlineData("CREATE TRIGGER forget AFTER INSERT ON revocation BEGIN DELETE FROM revocation; END", "schema")]
    [InlineData("DROP INDEX span_segment", "schema")]
    [InlineData("CREATE TABLE more (id INTEGER)", "schema")]
    [InlineData("INSERT INTO receipt VALUES (2, 'r')", "index")]
    [InlineData("INSERT INTO receipt VALUES (9999, 'r')", "index")]
    [InlineData("INSERT INTO issuance VALUES (1, 'i', 't')", "index")]
    [InlineData("INSERT INTO document VALUES (2, 'policy', 'h')", "index")]
    [InlineData("INSERT INTO run VALUES (9999, 'other', NULL)", "index")]
    [InlineData("UPDATE run SET run_id = 'other' WHERE run_id = 'run_open'", "index")]
    [InlineData("DELETE FROM run WHERE run_id = 'run_open'", "index")]
    [InlineData("UPDATE run SET finish_sequence = NULL", "index")]
    [InlineData("UPDATE run SET finish_sequence = 1 WHERE finish_sequence IS NULL", "index")]
    [InlineData("UPDATE run_record SET agent = agent || 'x' WHERE kind = 5", "index")]
    [InlineData("UPDATE run_record SET agent = agent || 'x' WHERE kind = 1", "index")]
    [InlineData("UPDATE run_record SET kind = 4 WHERE kind = 5", "index")]
    [InlineData("UPDATE run_record SET run_id = 'other' WHERE kind = 5", "index")]
    [InlineData("DELETE FROM run_record WHERE kind = 1", "index")]
    [InlineData("DELETE FROM run_record WHERE kind = 4", "index")]
    [InlineData("INSERT INTO run_record VALUES ('run_open', 1, 6, 'agent')", "index")]
    [InlineData("UPDATE revocation SET expiry_sequence = expiry_sequence + 1", "index")]
    [InlineData("INSERT INTO revocation VALUES (9999, 1, 'x', 9999, 0)", "index")]
    [InlineData("INSERT INTO idempotency_key VALUES ('s', 'n', 1)", "index")]
    [InlineData("UPDATE revocation SET expires_ms = expires_ms - 2000 WHERE expires_ms < 9223372036854775807", "index")]
    [InlineData("UPDATE revocation SET expires_ms = 9223372036854775807", "index")]
    [InlineData("INSERT INTO event VALUES (1, 'r', 'i', 'h')", "index")]
    [InlineData("INSERT INTO decision VALUES (1, 'd')", "index")]
    [InlineData("INSERT INTO event SELECT sequence, 'other', 'i', 'h' FROM event LIMIT 1", "index")]
    [InlineData("INSERT INTO event SELECT sequence, run_id, 'other', 'h' FROM event LIMIT 1", "index")]
    [InlineData("UPDATE span SET time_ms = time_ms + 1", "index")]
    [InlineData("UPDATE span SET run_id = 'other'", "index")]
    [InlineData("UPDATE span SET phase = 'other'", "index")]
    [InlineData("UPDATE span SET sequence = sequence + 1", "index")]
    [InlineData("INSERT INTO activation VALUES (1, 1, '')", "index")]
    [InlineData("INSERT INTO policy_envelope VALUES (1, 'h')", "index")]
    [InlineData("INSERT INTO used_approval VALUES ('other', 1)", "index")]
    [InlineData("INSERT INTO approved_receipt VALUES ('d', 't', 1)", "index")]
    [InlineData("DELETE FROM used_approval", "chain")]
    [InlineData("DELETE FROM revocation WHERE value = 'over'", "chain")]
    [InlineData("DELETE FROM event", "chain")]
    public async Task Run_ATableSaysSomethingElse_IsFound(string statement, string step)
    {
        await _ledger.FillAsync();
        _ledger.AssertHolds();
        _ledger.Files.Tamper(statement);

        Assert.Equal((step, false), _ledger.Check()[^1] is var last ? (last.Name, last.Passed) : default);
    }

    // Every table whose rows follow from records, one bit of each text or number of its first row.
    [Theory]
    [InlineData("record", "kind")]
    [InlineData("record", "content")]
    [InlineData("record", "hash")]
    [InlineData("receipt", "receipt_id")]
    [InlineData("idempotency_key", "idempotency_scope")]
    [InlineData("idempotency_key", "nonce")]
    [InlineData("idempotency_key", "sequence")]
    [InlineData("revocation", "expires_ms")]
    [InlineData("issuance", "issuance_id")]
    [InlineData("issuance", "token_hash")]
    [InlineData("revocation", "kind")]
    [InlineData("revocation", "value")]
    [InlineData("revocation", "expiry_sequence")]
    [InlineData("document", "document_type")]
    [InlineData("document", "hash")]
    [InlineData("run", "run_id")]
    [InlineData("run", "finish_sequence")]
    [InlineData("run_record", "run_id")]
    [InlineData("run_record", "sequence")]
    [InlineData("run_record", "kind")]
    [InlineData("run_record", "agent")]
    [InlineData("event", "run_id")]
    [InlineData("event", "event_id")]
    [InlineData("event", "event_hash")]
    [InlineData("span", "time_ms")]
    [InlineData("decision", "decision_id")]
    [InlineData("used_approval", "approval_hash")]
    [InlineData("used_approval", "sequence")]
    public async Task Run_OneBitOfATable_IsFound(string table, string column)
    {
        await _ledger.FillAsync();
        var key = table is "run_record" or "span" or "used_approval" ? "" : $" WHERE sequence = (SELECT max(sequence) FROM {table})";
        _ledger.Files.Tamper($"""
            UPDATE OR REPLACE {table} SET {column} = CASE typeof({column})
                WHEN 'integer' THEN ({column} | 1) - ({column} & 1)
                WHEN 'blob' THEN CAST(unhex(substr(hex({column}), 1, length(hex({column})) - 1) || substr('1032547698BADCFE', instr('0123456789ABCDEF', substr(hex({column}), -1)), 1)) AS BLOB)
                ELSE CAST(unhex(substr(hex({column}), 1, length(hex({column})) - 1) || substr('1032547698BADCFE', instr('0123456789ABCDEF', substr(hex({column}), -1)), 1)) AS TEXT) END{key}
            """);

        Assert.Contains(_ledger.Check(), static step => !step.Passed);
    }

    [Fact]
    public async Task Run_OneByteOfTheFile_IsFound()
    {
        await _ledger.FillAsync();
        // What a page holds no more stays in it otherwise, and is nothing that anybody reads.
        _ledger.Files.Tamper("PRAGMA secure_delete = ON; VACUUM");
        var whole = await File.ReadAllBytesAsync(_ledger.Files.DatabasePath, Cancellation);
        var words = new[] { "rev still", "iss_live", "dec_named", "run_open", "nonce-r-late-2", "mapping", "did:key:z6MkStranger" };
        foreach (var place in words.SelectMany(word => PlacesOf(whole, System.Text.Encoding.ASCII.GetBytes(word))))
        {
            var spoiled = whole.ToArray();
            spoiled[place] ^= 1;
            await File.WriteAllBytesAsync(_ledger.Files.DatabasePath, spoiled, Cancellation);

            Assert.True(_ledger.Check().Exists(static step => !step.Passed), string.Create(CultureInfo.InvariantCulture, $"byte {place}"));
        }
    }

    [Fact]
    public void Open_NoLedger_SaysSo()
    {
        Directory.CreateDirectory(_ledger.Files.DirectoryPath);

        Assert.Equal(LedgerFault.NotALedger, Assert.Throws<LedgerException>(() => LedgerSnapshot.Open(_ledger.Files.DirectoryPath)).Fault);
    }

    [Fact]
    public async Task Open_OlderSchema_SaysWhatToDo()
    {
        await _ledger.FillAsync();
        _ledger.Files.Tamper("PRAGMA user_version = 1");

        Assert.Equal(LedgerFault.OlderSchema, Assert.Throws<LedgerException>(() => LedgerSnapshot.Open(_ledger.Files.DirectoryPath)).Fault);
    }

    private static IEnumerable<int> PlacesOf(byte[] file, byte[] word)
    {
        for (var start = 0; start < file.Length && file.AsSpan(start).IndexOf(word) is var found && found >= 0; start += found + word.Length)
        {
            yield return start + found;
        }
    }
}
