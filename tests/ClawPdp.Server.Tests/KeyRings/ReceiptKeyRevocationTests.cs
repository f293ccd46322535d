using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ClawPdp.Audit;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Identifiers;
using ClawPdp.Crypto;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;
using ClawPdp.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>A stolen key of receipts: the sidecar signs with another one at once, and an auditor is told what the old one is still good for.</summary>
public sealed class ReceiptKeyRevocationTests : IAsyncLifetime
{
    private readonly RunningSidecar _sidecar = new();

    private string Data => _sidecar.Installation.DataDirectory;

    private ImmutableArray<string> Trusted => _sidecar.Installation.TrustedDids();

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task Revoke_KeyOfReceipts_AnotherOneSignsAtOnceAndTheOldOneIsNoLongerPublished()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var early = await SignAsync(token, "run-stolen", "n1");
        var stolen = KeyIdOf(early);

        await RevokeAsync(stolen);

        var later = await SignAsync(token, "run-stolen", "n2");
        Assert.NotEqual(stolen, KeyIdOf(later));
        Assert.Null(new KeyStore(Data, TimeProvider.System).Load().Keys.Single(key => key.PublicKey.KeyId == stolen).Seed);
        Assert.Equal((false, true), (await IsBelievedAsync(early), await IsBelievedAsync(later)));
        Assert.DoesNotContain(stolen, await WellKnownAsync(), StringComparison.Ordinal);

        // A second time nothing is left to do.
        await RevokeAsync(stolen);
        Assert.Equal(KeyIdOf(later), KeyIdOf(await SignAsync(token, "run-stolen", "n3")));
        Assert.Equal(2, new KeyStore(Data, TimeProvider.System).LoadPublic().Keys.Count(static key => key.Purpose == KeyPurpose.Receipt));
    }

    [Fact]
    public async Task Revoke_WhileReceiptsAndTokensAreSigned_NothingOfTheOldKeyStandsAfterItsRevocation()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var stolen = KeyIdOf(await SignAsync(token, "run-busy", "first"));
        var work = Enumerable.Range(0, 60).Select(async number =>
        {
            if (number == 20)
            {
                await RevokeAsync(stolen);
            }

            var name = number.ToString(CultureInfo.InvariantCulture);
            var signed = await _sidecar.Client.Receipts.SignReceiptAsync(Request(token, "run-busy-" + (number % 4).ToString(CultureInfo.InvariantCulture), name));
            return signed.Receipt is not null ? ReasonCode.Allowed : signed.Refusal.ReasonCode;
        });

        var outcomes = await Task.WhenAll(work);

        Assert.All(outcomes, static reason => Assert.Contains(reason, (ReasonCode[])[ReasonCode.Allowed, ReasonCode.SignerUnavailable]));
        Assert.NotEqual(stolen, KeyIdOf(await SignAsync(token, "run-busy", "last")));
        using var ledger = LedgerReader.Open(Data);
        var key = new KeyStore(Data, TimeProvider.System).LoadPublic().Keys.Single(key => key.PublicKey.KeyId == stolen).PublicKey;
        var doubt = ReceiptKeyDoubt.Of(ledger, key);
        Assert.Empty(doubt.SignedAfter);
        Assert.NotEqual(0, doubt.RevokedBy);
        Assert.NotNull(doubt.RevokedAt);
        Assert.InRange(doubt.SignedCount, 2, 62);
    }

    [Fact]
    public async Task Revoke_NoNextKeyCanBeMade_ReceiptsAndTokensAreRefusedUntilThereIsOne()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var stolen = KeyIdOf(await SignAsync(token, "run-stuck", "n1"));
        var folder = Path.Combine(Data, "keys");
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);

        await RevokeAsync(stolen);

        var refused = await _sidecar.Client.Receipts.SignReceiptAsync(Request(token, "run-stuck", "n2"));
        var issued = await _sidecar.Client.IssueAsync(await _sidecar.Client.SignInAsync("alice"));
        Assert.Equal((ReasonCode.SignerUnavailable, ReasonClass.Transient), (refused.Refusal.ReasonCode, refused.Refusal.ReasonClass));
        Assert.NotNull(refused.Refusal.RetryAfter);
        Assert.Equal(ReasonCode.SignerUnavailable, issued.Refusal.ReasonCode);
        Assert.NotNull(_sidecar.Services.GetRequiredService<KeyRingStore>().Fault);

        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await _sidecar.Services.GetRequiredService<KeyRingStore>().ReloadAsync();

        Assert.NotEqual(stolen, KeyIdOf(await SignAsync(token, "run-stuck", "n2")));
        Assert.NotNull((await _sidecar.Client.IssueAsync(await _sidecar.Client.SignInAsync("alice"))).Issued);
    }

    [Fact]
    public async Task Export_RunAcrossTheRevocation_HoldsAndNamesWhatTheOldKeySigned()
    {
        var agent = (await _sidecar.Client.Audits.CreateAgentKeyAsync(new CreateAgentKeyRequest())).AgentDid;
        var request = new IssueCstRequest { IdToken = await _sidecar.Client.SignInAsync("alice"), AgentDid = agent };
        request.Audiences.Add("clawpdp");
        var token = (await _sidecar.Client.Tokens.IssueCstAsync(request)).Issued.Cst;
        var stolen = KeyIdOf(await SignAsync(token, "run-audit", "n1"));
        await RevokeAsync(stolen);
        await SignAsync(token, "run-audit", "n2");

        var evidence = await ExportAsync("run-audit");
        var report = Audit(evidence);
        var never = Audit(evidence, new DistrustedKey(stolen, Since: null));
        var fromNow = Audit(evidence, new DistrustedKey(stolen, TimeProvider.System.GetUtcNow()));

        Assert.True(report.Holds, string.Join('\n', report.Answers.SelectMany(static answer => answer.Problems).Select(static problem => $"{problem.Code}: {problem.Message}")));
        Assert.Equal(2, report.Lists.Single(static list => list.Id == "signed_before_revocation").Items.Length);
        Assert.Contains(report.Timeline, item => item.Title == $"The key {stolen} is revoked");
        Assert.True(fromNow.Holds);
        Assert.False(never.Holds);
        Assert.All(never.Answers.SelectMany(static answer => answer.Problems), static problem => Assert.Equal("RECEIPT_KEY_DISTRUSTED", problem.Code));
    }

    private static SignReceiptRequest Request(string token, string runId, string nonce) => new()
    {
        Cst = token,
        RunId = runId,
        Nonce = nonce,
        ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = KeySidecar.Hash, ResultHashB64U = KeySidecar.Hash },
    };

    private static string KeyIdOf(SignedReceipt receipt)
    {
        Assert.True(DidKey.TryDecode(JsonDocument.Parse(receipt.EnvelopeJson.Memory).RootElement.GetProperty("signer_did").GetString(), out var key));
        return KeyId.Of(key);
    }

    private AuditReport Audit(byte[] evidence, params ImmutableArray<DistrustedKey> distrusted) => AuditVerifier.Verify(evidence, Trusted, [], distrusted, TimeProvider.System.GetUtcNow());

    private async Task<SignedReceipt> SignAsync(string token, string runId, string nonce)
    {
        var response = await _sidecar.Client.Receipts.SignReceiptAsync(Request(token, runId, nonce));
        Assert.True(response.Receipt is not null, response.Refusal?.ToString());
        return response.Receipt ?? new SignedReceipt();
    }

    private async Task RevokeAsync(string keyId) =>
        Assert.NotNull((await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = keyId, Reason = "receipt key stolen" })).Revocation);

    private async Task<bool> IsBelievedAsync(SignedReceipt receipt) =>
        (await _sidecar.Client.Receipts.VerifyReceiptAsync(new VerifyReceiptRequest { EnvelopeJson = receipt.EnvelopeJson })).Valid;

    private async Task<string> WellKnownAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(_sidecar.HttpAddress + "/.well-known/clawsig.json"), TestContext.Current.CancellationToken);
    }

    private async Task<byte[]> ExportAsync(string run)
    {
        using var call = _sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = run });
        var evidence = new List<byte>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(piece.File is not null, piece.ToString());
            evidence.AddRange(piece.File is { Name: "evidence.json" } file ? file.Content.Span : []);
        }

        return [.. evidence];
    }
}
