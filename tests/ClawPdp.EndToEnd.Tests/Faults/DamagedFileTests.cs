using System.Text.Json;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>Bytes of the ledger's file that are not what was written.</summary>
[Collection(BreakingTests.Name)]
public sealed class DamagedFileTests
{
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
        var whole = new DamagedFile(home.Ledger);
        var places = whole.PlacesOf(Subject).ToList();

        // In the record, in the table of targets, and in its index.
        Assert.Equal(3, places.Count);
        foreach (var place in places)
        {
            whole.TurnAt(place);
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
            Assert.Equal(ReasonCode.LedgerUnavailable, found.Refusal?.ReasonCode);

            // The writer may hold the page as it was before: then it gives what was signed, and never anything else.
            Assert.True(again.Refusal?.ReasonCode == ReasonCode.LedgerUnavailable || again.Receipt?.EnvelopeJson == damaged.EnvelopeJson, again.ToString());
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
        var whole = new DamagedFile(path);
        switch (place)
        {
            case Damage.Header:
                whole.TurnAt(3);
                break;
            case Damage.PageHeader:
                whole.TurnPageOf(receipt.PayloadHashB64U);
                break;
            case Damage.RecordContent:
                whole.TurnContent(receipt.Sequence, receipt.PayloadHashB64U);
                break;
            case Damage.Signature:
                whole.TurnContent(receipt.Sequence, JsonDocument.Parse(receipt.EnvelopeJson.Memory).RootElement.GetProperty("signature_b64u").GetString() ?? "");
                break;
            case Damage.IndexEntry:
                whole.TurnIndexEntry(receipt.ReceiptId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(place));
        }
    }
}
