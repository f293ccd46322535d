using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>
/// Reads a ledger's records as docs/evidence.md section 1 describes them, with none of the product's code, and remembers what it read:
/// what was there once must stay.
/// </summary>
internal sealed class LedgerFile
{
    private const int ReceiptKind = 1;
    private const int IssuanceKind = 2;
    private const int RevocationKind = 3;
    private const int DecisionKind = 5;
    private const int EventKind = 8;
    private const string TokenHashTarget = "1";

    private readonly string _path;
    private readonly List<byte[]> _hashes = [];
    private readonly HashSet<string> _nonces = new(StringComparer.Ordinal);

    public LedgerFile(string path) => _path = path;

    /// <summary>Gets the hashes of all records, the first at 0.</summary>
    public IReadOnlyList<byte[]> Hashes => _hashes;

    /// <summary>Gets envelopes and sequences by receipt id.</summary>
    public Dictionary<string, (string Envelope, long Sequence)> Receipts { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the hashes of tokens that were issued.</summary>
    public HashSet<string> IssuedTokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the sequences of the first revocation of a token by its hash.</summary>
    public Dictionary<string, long> RevokedTokens { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Decisions { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets sequences by event hash.</summary>
    public Dictionary<string, long> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the whole file, checks the chain from its beginning, and takes up what is new.</summary>
    public void Walk()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = new SqliteCommand("SELECT sequence, kind, content, hash FROM record ORDER BY sequence", connection);
        using var rows = command.ExecuteReader();
        var previous = new byte[SHA256.HashSizeInBytes];
        var sequence = 0L;
        while (rows.Read())
        {
            sequence++;
            Assert.Equal(sequence, rows.GetInt64(0));
            var kind = rows.GetInt32(1);
            var content = rows.GetFieldValue<byte[]>(2);
            previous = HashOf(previous, sequence, (byte)kind, content);
            Assert.True(previous.AsSpan().SequenceEqual(rows.GetFieldValue<byte[]>(3)), $"the chain is broken at record {sequence}");
            if (sequence <= _hashes.Count)
            {
                Assert.True(previous.AsSpan().SequenceEqual(_hashes[(int)sequence - 1]), $"record {sequence} was another one before");
                continue;
            }

            _hashes.Add(previous);
            using var json = JsonDocument.Parse(content);
            Take(sequence, kind, json.RootElement);
        }

        Assert.True(sequence == _hashes.Count, $"{_hashes.Count} records were there before, and now {sequence} are");
    }

    private static byte[] HashOf(byte[] previous, long sequence, byte kind, byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        hash.AppendData("clawpdp.ledger.record.v1\0"u8);
        hash.AppendData(previous);
        hash.AppendData(number);
        hash.AppendData([kind]);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    private static string TextOf(JsonElement record, string member) => record.GetProperty(member).ToString();

    private void Take(long sequence, int kind, JsonElement record)
    {
        switch (kind)
        {
            case ReceiptKind:
                Assert.True(_nonces.Add(TextOf(record, "run_id") + "/" + TextOf(record, "nonce")), $"the nonce of record {sequence} stands twice");
                Assert.True(Receipts.TryAdd(TextOf(record, "receipt_id"), (TextOf(record, "envelope"), sequence)), $"the receipt of record {sequence} stands twice");
                Assert.False(RevokedTokens.ContainsKey(TextOf(record, "token_hash")), $"record {sequence} is a receipt of a token that was revoked before it");
                break;
            case IssuanceKind:
                Assert.True(IssuedTokens.Add(TextOf(record, "token_hash")), $"the token of record {sequence} stands twice");
                break;
            case RevocationKind when TextOf(record, "kind") == TokenHashTarget:
                RevokedTokens.TryAdd(TextOf(record, "value"), sequence);
                break;
            case DecisionKind:
                Assert.True(Decisions.Add(TextOf(record, "decision_id")), $"the decision of record {sequence} stands twice");
                break;
            case EventKind:
                Assert.True(Events.TryAdd(TextOf(record, "event_hash_b64u"), sequence), $"the event of record {sequence} stands twice");
                break;
            default:
                break;
        }
    }
}
