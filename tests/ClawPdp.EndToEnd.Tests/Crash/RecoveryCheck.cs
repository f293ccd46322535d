using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>Asks a process that came back for everything that callers were told.</summary>
internal static class RecoveryCheck
{
    private const int ReplayCountMax = 12;

    /// <summary>Asks for receipts, events, tokens and revocations of one round.</summary>
    public static async Task AssertKeepsAsync(LiveSidecar sidecar, Acknowledgements told)
    {
        await AssertReceiptsAsync(sidecar, told);
        await AssertRevocationsAsync(sidecar, [.. told.Revocations.Select(static revocation => revocation.Slot)]);
        await AssertOpenReceiptsAsync(sidecar, told);
        foreach (var slot in told.Tokens.Where(static slot => !slot.IsRevocationSent))
        {
            Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(slot.Token)).ReasonCode);
        }

        foreach (var run in told.Events.GroupBy(static item => item.Event.RunId))
        {
            var kept = (await sidecar.Runs.GetRunAsync(new GetRunRequest { RunId = run.Key, Segment = 1 })).Events.ToDictionary(static item => item.EventId, StringComparer.Ordinal);
            foreach (var (_, acknowledged) in run)
            {
                Assert.Equal(acknowledged, kept.GetValueOrDefault(acknowledged.EventId));
            }
        }
    }

    /// <summary>Asks with tokens that are revoked.</summary>
    public static async Task AssertRevocationsAsync(LiveSidecar sidecar, IReadOnlyList<TokenSlot> revoked)
    {
        foreach (var slot in revoked)
        {
            Assert.Equal(ReasonCode.TokenRevoked, (await sidecar.AskAsync(slot.Token)).ReasonCode);
            Assert.Equal(ReasonCode.TokenRevoked, (await sidecar.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = slot.Token })).ReasonCode);
        }

        foreach (var slot in revoked.Take(1))
        {
            Assert.Equal(ReasonCode.TokenRevoked, await sidecar.SignReasonAsync(slot.Token, "after-the-revocation", slot.TokenHash));
        }
    }

    private static async Task AssertReceiptsAsync(LiveSidecar sidecar, Acknowledgements told)
    {
        var kept = await Task.WhenAll(told.Receipts.Select(async item => (item.Receipt, Envelope: await sidecar.EnvelopeAsync(item.Receipt.ReceiptId))));
        foreach (var (receipt, envelope) in kept)
        {
            Assert.Equal(receipt.EnvelopeJson.ToStringUtf8(), envelope);
        }

        foreach (var (request, receipt, _) in told.Receipts.Where(static item => !item.Slot.IsRevocationSent).Take(ReplayCountMax))
        {
            var again = await sidecar.Receipts.SignReceiptAsync(request);
            Assert.True(again.Replayed, again.Refusal?.Message);
            Assert.Equal(receipt, again.Receipt);
        }
    }

    // Whether these were signed nobody knows; asking again finds out, and then there is one.
    private static async Task AssertOpenReceiptsAsync(LiveSidecar sidecar, Acknowledgements told)
    {
        while (told.OpenReceipts.TryDequeue(out var open))
        {
            if (open.Slot.IsRevocationSent)
            {
                continue;
            }

            var signed = await sidecar.Receipts.SignReceiptAsync(open.Request);
            Assert.True(signed.OutcomeCase == SignReceiptResponse.OutcomeOneofCase.Receipt, signed.Refusal?.Message);
            var again = await sidecar.Receipts.SignReceiptAsync(open.Request);
            Assert.Equal((true, signed.Receipt), (again.Replayed, again.Receipt));
            told.Add(told.Receipts, (open.Request, signed.Receipt, open.Slot));
        }
    }
}
