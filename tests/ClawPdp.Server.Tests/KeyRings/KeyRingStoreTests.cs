using ClawPdp.Core.Encoding;
using ClawPdp.Crypto;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Keys.Signers;
using ClawPdp.V1;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>A running sidecar takes rotations up, records them, and stands a stolen key.</summary>
public sealed class KeyRingStoreTests
{
    [Fact]
    public async Task Reload_TokenKeyRotated_IsPublishedBeforeItSignsAndTheOldOneVerifiesOn()
    {
        await using var sidecar = new KeySidecar();
        await sidecar.InitializeAsync();
        var early = await sidecar.TokenOfAsync("alice");
        var fresh = sidecar.Keys.Announce(KeyPurpose.Token, TimeSpan.FromMinutes(5), overlap: null)?.PublicKey.KeyId ?? "";

        await sidecar.LookAsync();
        Assert.Equal([KeySidecar.KeyIdOf(early), fresh], await sidecar.PublishedAsync());
        Assert.Equal(KeySidecar.KeyIdOf(early), KeySidecar.KeyIdOf(await sidecar.TokenOfAsync("alice")));

        sidecar.System.Advance(TimeSpan.FromMinutes(5));
        await sidecar.LookAsync();
        await sidecar.LookAsync();
        Assert.Equal(fresh, KeySidecar.KeyIdOf(await sidecar.TokenOfAsync("alice")));
        Assert.Equal([fresh, KeySidecar.KeyIdOf(early)], await sidecar.PublishedAsync());
        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(early));
        Assert.Null(sidecar.Keys.Load().Keys.Single(key => key.PublicKey.KeyId == KeySidecar.KeyIdOf(early)).Seed);

        sidecar.System.Advance(TimeSpan.FromHours(2));
        Assert.Equal([fresh], await sidecar.PublishedAsync());
    }

    [Fact]
    public async Task Reload_EveryChange_IsRecordedOnceAndTheFirstKeysAreNone()
    {
        await using var sidecar = new KeySidecar();
        await sidecar.InitializeAsync();
        await sidecar.LookAsync();
        Assert.Empty(Recorded(sidecar));

        sidecar.System.Advance(TimeSpan.FromDays(30));
        await sidecar.LookAsync();
        await sidecar.LookAsync();
        var announced = Assert.Single(Recorded(sidecar));
        sidecar.System.Advance(TimeSpan.FromMinutes(5));
        await sidecar.LookAsync();
        await sidecar.LookAsync();
        await sidecar.LookAsync();

        var receiptKeys = sidecar.Keys.Load().Keys.Where(static key => key.Purpose == KeyPurpose.Receipt).ToList();
        Assert.Equal(2, receiptKeys.Count);
        Assert.All(receiptKeys, key => Assert.Contains(key.PublicKey.Did, announced, StringComparison.Ordinal));
        Assert.Equal(2, Recorded(sidecar).Count);
        Assert.Contains("\"signs\":false", Recorded(sidecar)[1], StringComparison.Ordinal);
        Assert.Null(sidecar.Services.GetRequiredService<KeyRingStore>().Fault);
    }

    [Fact]
    public async Task Reload_ReceiptKeyRotatedWhileReceiptsAreSigned_EachIsSignedByAKeyThatVerifies()
    {
        await using var sidecar = new KeySidecar();
        await sidecar.InitializeAsync();
        var token = await sidecar.TokenOfAsync("alice");
        var signing = Enumerable.Range(0, 40).Select(async number =>
        {
            if (number % 10 == 5)
            {
                sidecar.Keys.Rotate(KeyPurpose.Receipt, overlap: null);
                await sidecar.LookAsync();
            }

            return (await sidecar.SignAsync(token, "run-rotated", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"n{number}"))).Receipt;
        });

        var receipts = await Task.WhenAll(signing);

        var known = sidecar.Keys.Load().Keys.Where(static key => key.Purpose == KeyPurpose.Receipt).Select(static key => key.PublicKey.Did).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(5, known.Count);
        Assert.All(receipts, receipt => Assert.Contains(System.Text.Json.JsonDocument.Parse(receipt.EnvelopeJson.Memory).RootElement.GetProperty("signer_did").GetString() ?? "", known));
    }

    [Fact]
    public async Task Revoke_TokenKeyStolen_TokensAreDeniedAtOnceAndWhatTheThiefDidIsFound()
    {
        await using var sidecar = new KeySidecar();
        await sidecar.InitializeAsync();
        var token = await sidecar.TokenOfAsync("alice");
        var kid = KeySidecar.KeyIdOf(token);
        await sidecar.SignAsync(token, "run-honest", "n1");
        var forged = sidecar.Forge(token);
        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(forged));
        var stolen = (await sidecar.SignAsync(forged, "run-thief", "n1")).Receipt.ReceiptId;

        await sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = kid, Reason = "key stolen" });

        Assert.Equal((ReasonCode.TokenRevoked, ReasonCode.TokenRevoked), (await sidecar.AskAsync(token), await sidecar.AskAsync(forged)));
        Assert.Empty(await sidecar.PublishedAsync());
        Assert.Equal(ReasonCode.TokenRevoked, (await sidecar.Client.IssueAsync(await sidecar.Client.SignInAsync("alice"))).Refusal.ReasonCode);

        sidecar.Keys.Rotate(KeyPurpose.Token, TimeSpan.Zero);
        await sidecar.LookAsync();
        var next = await sidecar.TokenOfAsync("alice");
        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(next));
        Assert.Equal([KeySidecar.KeyIdOf(next)], await sidecar.PublishedAsync());
        await sidecar.Services.GetRequiredService<LedgerStore>().FlushDecisionsAsync(TestContext.Current.CancellationToken);
        using var ledger = LedgerReader.Open(sidecar.Installation.DataDirectory);
        var doubt = KeyDoubt.Of(ledger, kid, DateTimeOffset.MinValue);
        Assert.Equal([Sha256.Hex(forged)], doubt.NeverIssued);
        Assert.Equal([stolen], doubt.Receipts);
        Assert.Single(doubt.Decisions);
        Assert.NotNull(doubt.RevokedAt);
        Assert.Equal(1, doubt.IssuedCount);
        Assert.Empty(KeyDoubt.Of(ledger, kid, sidecar.System.GetUtcNow().AddHours(1)).NeverIssued);
    }

    [Fact]
    public async Task Issue_SignerFailsAndRecovers_IsRefusedWithItsOwnReasonAndHealthFollows()
    {
        await using var sidecar = new KeySidecar();
        await sidecar.InitializeAsync();
        using var key = Ed25519SigningKey.Generate();
        using var stopping = new CancellationTokenSource();
        var path = Path.Combine(sidecar.Installation.DataDirectory, "s.sock");
        var keys = sidecar.Services.GetRequiredService<KeyRingStore>();
        var isBroken = false;
        using var server = new SignerServer(path, groupMayAsk: false, key.PublicKey.Raw.ToArray(), message => Volatile.Read(ref isBroken) ? throw new Pkcs11Exception("the token is gone") : key.Sign(message));
        _ = server.RunAsync(stopping.Token);
        Assert.DoesNotContain("\nclawpdp_signer_up ", await sidecar.MetricsAsync(), StringComparison.Ordinal);
        sidecar.System.Advance(TimeSpan.FromSeconds(1));
        sidecar.Keys.Adopt(key.PublicKey, path, TimeSpan.Zero, overlap: null);
        await sidecar.LookAsync();
        Assert.Equal(key.PublicKey.KeyId, KeySidecar.KeyIdOf(await sidecar.TokenOfAsync("alice")));

        Volatile.Write(ref isBroken, true);
        var refused = (await sidecar.Client.IssueAsync(await sidecar.Client.SignInAsync("alice"))).Refusal;
        Assert.Equal((ReasonCode.SignerUnavailable, ReasonClass.Transient), (refused.ReasonCode, refused.ReasonClass));
        Assert.NotNull(refused.RetryAfter);
        Assert.False(keys.CanIssue);

        // The process still answers with its key: that is no signature.
        sidecar.System.Advance(TimeSpan.FromSeconds(2));
        await sidecar.LookAsync();
        Assert.False(keys.CanIssue);
        Assert.NotNull(keys.Fault);
        Assert.Contains("clawpdp_signer_up 0", await sidecar.MetricsAsync(), StringComparison.Ordinal);

        Volatile.Write(ref isBroken, false);
        sidecar.System.Advance(TimeSpan.FromSeconds(2));
        await sidecar.LookAsync();
        Assert.True(keys.CanIssue);
        Assert.Null(keys.Fault);
        Assert.Contains("clawpdp_signer_up 1", await sidecar.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal(key.PublicKey.KeyId, KeySidecar.KeyIdOf(await sidecar.TokenOfAsync("alice")));
        await stopping.CancelAsync();
    }

    private static List<string> Recorded(KeySidecar sidecar) =>
    [
        .. sidecar.Services.GetRequiredService<LedgerStore>().ReadRecords(1, 1000)
            .Where(static record => record.Kind == RecordKind.Document)
            .Select(static record => System.Text.Json.JsonDocument.Parse(record.Content).RootElement)
            .Where(static content => content.GetProperty("document_type").GetString() == "key_ring")
            .Select(static content => content.GetProperty("text").GetString() ?? ""),
    ];
}
