using System.Text;
using System.Text.Json;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>Bytes of the ledger's file that are not what was written.</summary>
[Collection(BreakingTests.Name)]
public sealed class DamagedFileTests
{
    private const int PageSize = 4096;
    private const string Run = "run-damaged";

    public static TheoryData<Damage> Places => [.. Enum.GetValues<Damage>()];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Start_WithADamagedFile_IsRefusedWithALineThatNamesIt(Damage place)
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        var receipts = await FillAsync(home, 200);
        Break(home.Ledger, place, receipts[100]);

        var (code, output) = await home.StartInVainAsync();

        Assert.Equal(78, code);
        Assert.Contains(home.Data, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithADamagedRevocation_IsRefusedWhereverItsTargetStands()
    {
        const string Subject = "did:web:revoked.example";
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await FillAsync(home, 10, sidecar => sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Subject = Subject }).ResponseAsync);
        var whole = await File.ReadAllBytesAsync(home.Ledger);

        // In the record, in the table of targets, and in its index.
        for (var occurrence = 0; occurrence < 3; occurrence++)
        {
            var damaged = whole.ToArray();
            damaged[Find(whole, Subject, occurrence)] ^= 1;
            await File.WriteAllBytesAsync(home.Ledger, damaged);
            var (code, output) = await home.StartInVainAsync();
            Assert.True(code == 78, output);
        }
    }

    [Fact]
    public async Task Receipt_WhoseBytesChangedUnderARunningProcess_IsNotServedAsWhatWasSigned()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        var receipts = await FillAsync(home, 200);
        await using var sidecar = await home.StartAsync();
        Break(home.Ledger, Damage.RecordContent, receipts[100]);
        Break(home.Ledger, Damage.Signature, receipts[150]);

        foreach (var damaged in new[] { receipts[100], receipts[150] })
        {
            var found = await sidecar.Receipts.GetReceiptAsync(new GetReceiptRequest { ReceiptId = damaged.ReceiptId });
            var again = await sidecar.SignAsync(await sidecar.IssueAsync(), Run, damaged.Nonce);
            Assert.Equal((ReasonCode.LedgerUnavailable, ReasonCode.LedgerUnavailable), (found.Refusal?.ReasonCode, again.Refusal?.ReasonCode));
        }

        Assert.Equal(receipts[20].EnvelopeJson.ToStringUtf8(), await sidecar.EnvelopeAsync(receipts[20].ReceiptId));
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(await sidecar.IssueAsync(), Run, "after"));
    }

    private static async Task<List<SignedReceipt>> FillAsync(SidecarHome home, int count, Func<LiveSidecar, Task>? andThen = null)
    {
        await using var sidecar = await home.StartAsync();
        var token = await sidecar.IssueAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(number => sidecar.SignAsync(token, Run, $"nonce-{number:D4}")));
        await (andThen?.Invoke(sidecar) ?? Task.CompletedTask);
        await sidecar.Process.TerminateAsync();
        Assert.Equal(0, await sidecar.Process.EndOrKillAsync(TimeSpan.FromSeconds(20)));
        return [.. answers.Select(static answer => answer.Receipt)];
    }

    private static void Break(string path, Damage place, SignedReceipt receipt)
    {
        var bytes = File.ReadAllBytes(path);
        var target = place switch
        {
            Damage.Header => 3,
            Damage.PageHeader => PageOf(bytes, receipt.PayloadHashB64U) * PageSize,
            Damage.RecordContent => Find(bytes, receipt.PayloadHashB64U, occurrence: 0),
            Damage.Signature => Find(bytes, JsonDocument.Parse(receipt.EnvelopeJson.Memory).RootElement.GetProperty("signature_b64u").GetString() ?? "", occurrence: 0),
            // The last place that holds the nonce alone is the index of nonces: the run before it, no quotes around it.
            Damage.IndexEntry => IndexEntry(bytes, Run + receipt.Nonce),
            _ => throw new ArgumentOutOfRangeException(nameof(place)),
        };
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = target;
        file.WriteByte((byte)(bytes[target] ^ 0x01));
    }

    private static int PageOf(byte[] bytes, string text) => Find(bytes, text, occurrence: 0) / PageSize;

    // Cells of the table and of its index both hold the two texts beside each other; the index has them in the later page.
    private static int IndexEntry(byte[] bytes, string text)
    {
        var first = Find(bytes, text, occurrence: 0);
        var second = Find(bytes, text, occurrence: 1);
        var isFirstIndex = bytes[first / PageSize * PageSize] is 0x02 or 0x0a;
        return (isFirstIndex ? first : second) + text.Length - 1;
    }

    private static int Find(byte[] bytes, string text, int occurrence)
    {
        var wanted = Encoding.ASCII.GetBytes(text);
        var place = -1;
        for (var count = 0; count <= occurrence; count++)
        {
            var next = bytes.AsSpan(place + 1).IndexOf(wanted);
            Assert.True(next >= 0, $"`{text}` stands in the file less than {occurrence + 1} times");
            place += 1 + next;
        }

        return place;
    }
}
