using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Load.Rigs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Load.Scenarios;

/// <summary><c>fill</c>: brings an installation's ledger to a number of records, through the ledger itself: runs of a hundred receipts, each with its event.</summary>
internal static class FillScenario
{
    private const int ReceiptsPerRun = 100;
    private const int Waiting = 8_000;
    private const string AgentDid = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    // A disk that others keep busy makes filling slow, not wrong.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly byte[] Envelope = Encoding.UTF8.GetBytes($$"""{"payload":{"padding":"{{new string('x', 700)}}"},"payload_hash_b64u":"{{Hash}}"}""");
    private static readonly byte[] Fingerprint = SHA256.HashData(Envelope);

    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var binary = CommonOptions.Binary();
        var records = new Option<long>("--records") { Description = "how many records there shall be", Required = true };
        var command = new Command("fill", "Bring a ledger to a number of records, and its log after it") { folder, binary, records };
        command.SetAction(parsed => RunAsync(parsed.GetValue(binary) ?? "", parsed.GetValue(folder) ?? "fill", parsed.GetValue(records)));
        return command;
    }

    /// <summary>Fills the ledger in a data directory.</summary>
    public static async Task FillAsync(string directory, long target)
    {
        var settings = new LedgerSettings { DirectoryPath = directory, QueueCapacity = 100_000, BatchSizeMax = 4_000, AppendTimeout = Patience, StallTimeout = Patience };
        await using var ledger = LedgerStore.Open(settings, TimeProvider.System, NullLogger.Instance);
        var waiting = new Queue<Task>();
        var at = DateTimeOffset.UtcNow.AddDays(-1);
        for (var number = ledger.Head.Sequence / 2; ledger.Head.Sequence < target; number++)
        {
            waiting.Enqueue(ledger.AppendReceiptAsync(DraftOf(number, at)));
            while (waiting.Count > Waiting || (waiting.TryPeek(out var first) && first.IsCompleted))
            {
                await waiting.Dequeue();
            }

            if (number % 500_000 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ledger.Head.Sequence} records"));
            }
        }

        await Task.WhenAll(waiting);
    }

    private static async Task<int> RunAsync(string binary, string folder, long target)
    {
        await using var rig = await Rig.CreateAsync(binary, folder);
        await FillAsync(rig.Data, target);
        Console.WriteLine("the sidecar brings its log after the ledger");
        await using var sidecar = await rig.StartAsync();
        await LogWatch.CatchUpAsync(rig.Data);
        return 0;
    }

    private static ReceiptDraft DraftOf(long number, DateTimeOffset at)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"fill-{number / ReceiptsPerRun}");
        var tokenHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(run)));
        var id = Guid.CreateVersion7(at.AddTicks(number)).ToString("N");
        return new ReceiptDraft
        {
            Run = new RunRecord { RunId = run, AgentDid = AgentDid, TokenHash = tokenHash, StartedAt = at },
            Nonce = Guid.NewGuid().ToString("N"),
            RequestFingerprint = Fingerprint,
            NewEvent = new EventDraft
            {
                RunId = run,
                EventId = "evt_" + id,
                EventType = "tool_call",
                Timestamp = "2026-01-01T00:00:00.000Z",
                PayloadHash = Hash,
                AgentDid = AgentDid,
                TokenHash = tokenHash,
                RecordedAt = at,
            },
            Spans = new SpanClaim { OpensSpan = false, SpanId = "" },
            Sign = place => new ReceiptRecord
            {
                ReceiptId = "tr_" + id,
                ReceiptType = "tool_receipt",
                RunId = run,
                Nonce = id,
                IdempotencyScope = run,
                RequestFingerprint = Fingerprint,
                EnvelopeJson = Envelope,
                PayloadHash = place.EventHash,
                TokenHash = tokenHash,
                Tool = "github",
                SignedAt = at,
            },
        };
    }
}
