using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClawPdp.Audit;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Crypto.Verification;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests;

[Trait("Door", "published")]
public sealed class ExportDoorTests : IClassFixture<RunningSidecar>, IDisposable
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    // As many as a token has room for, and more than one flush holds up.
    private static readonly ParallelOptions InSixtyFour = new() { MaxDegreeOfParallelism = 64 };

    private readonly RunningSidecar _sidecar;
    private readonly GrpcChannel _channel;
    private readonly RunService.RunServiceClient _runs;
    private readonly AuditService.AuditServiceClient _audits;

    public ExportDoorTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
        _runs = new RunService.RunServiceClient(_channel);
        _audits = new AuditService.AuditServiceClient(_channel);
    }

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task ExportRun_MoreEventsThanABundleHolds_GivesLinkedBundlesThatHold()
    {
        const int Count = 1_100;
        var token = await _sidecar.TokenOfAsync("alice");
        await SignAsync(token, "run-long", "first", Model());
        await Parallel.ForAsync(0, Count, InSixtyFour, async (number, ended) => await _runs.AppendEventAsync(
            new AppendEventRequest
            {
                Cst = token,
                RunId = "run-long",
                EventId = string.Create(CultureInfo.InvariantCulture, $"e{number}"),
                EventType = "thought",
                PayloadHashB64U = Hash,
            },
            cancellationToken: ended));
        await SignAsync(token, "run-long", "last", Model());
        await _runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = "run-long" });

        var files = await ExportAsync("run-long");
        var report = Audit(files["evidence.json"]);
        var bundles = new[] { files["export-1.json"], files["export-2.json"] }.Select(static export => JsonReader.Parse(export, 1 << 24).Value.Find("artifacts")?.Find("proof_bundle_envelope")?.Find("payload")).ToList();

        Assert.True(report.Holds, ProblemsOf(report));
        Assert.Equal(3, files.Count);
        // One more than was asked for: the second part begins with the event that names the end of the first.
        Assert.Equal([1_000, Count + 2 + 1 - 1_000], bundles.Select(static bundle => bundle?.Find("event_chain")?.Items.Length ?? 0));
        Assert.Equal(
            bundles[0]?.Find("event_chain")?.Items[^1].FindText("event_hash_b64u"),
            bundles[1]?.Find("metadata")?.Find("clawpdp")?.FindText("previous_event_hash_b64u"));
        Assert.All(["export-1.json", "export-2.json"], name => Assert.Equal("VALID", ArtifactVerifier.Verify(files[name], Trusted(), TimeProvider.System.GetUtcNow()).Code));
    }

    [Fact]
    public async Task ExportRun_SideEffectBeforeAnyModelCall_IsInTheEvidenceAndNotInTheBundle()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var effect = await SignAsync(token, "run-unanchored", "n1", new SignReceiptRequest
        {
            SideEffect = new SideEffect { EffectClass = EffectClass.NetworkEgress, Host = "api.github.com", RequestHashB64U = Hash, ResponseHashB64U = Hash, ResponseStatus = ResultStatus.Success },
        });
        await SignAsync(token, "run-unanchored", "n2", Model());

        var files = await ExportAsync("run-unanchored");
        var report = Audit(files["evidence.json"]);

        Assert.True(report.Holds, ProblemsOf(report));
        Assert.Contains("api.github.com", Assert.Single(report.Lists.Single(static list => list.Id == "not_in_bundles").Items), StringComparison.Ordinal);
        Assert.Equal("VALID", ArtifactVerifier.Verify(files["export-1.json"], Trusted(), TimeProvider.System.GetUtcNow()).Code);
        Assert.Contains("\"left_out\":{\"count\":1,", Encoding.UTF8.GetString(files["export-1.json"]), StringComparison.Ordinal);
        Assert.DoesNotContain(effect.ReceiptId, Encoding.UTF8.GetString(files["export-1.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportRun_MoreReceiptsAboutOneEventThanABundleHolds_LeavesNoneOutOfTheEvidence()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run-crowded" });
        var one = await _runs.AppendEventAsync(new AppendEventRequest { Cst = token, RunId = "run-crowded", EventId = "e1", EventType = "batch", PayloadHashB64U = Hash });
        var request = new Func<SignReceiptRequest>(() => new SignReceiptRequest
        {
            EventHashB64U = one.Event.EventHashB64U,
            ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
        });
        await SignAsync(token, "run-crowded", "before any model call", request());
        await SignAsync(token, "run-crowded", "model", Model());
        await Parallel.ForAsync(0, 1_003, InSixtyFour, async (number, _) => await SignAsync(token, "run-crowded", string.Create(CultureInfo.InvariantCulture, $"n{number}"), request()));

        var files = await ExportAsync("run-crowded");
        var report = Audit(files["evidence.json"]);

        Assert.True(report.Holds, ProblemsOf(report));
        Assert.Equal(4, report.Lists.Single(static list => list.Id == "not_in_bundles").Items.Length);
        Assert.Equal("VALID", ArtifactVerifier.Verify(files["export-1.json"], Trusted(), TimeProvider.System.GetUtcNow()).Code);
    }

    [Fact]
    public async Task ExportRun_AgentKeepsItsKey_GetsPayloadsAndTakesItsSignaturesAlone()
    {
        using var key = new PurposeKey(KeyPurpose.Agent, Ed25519SigningKey.Generate());
        using var stranger = new PurposeKey(KeyPurpose.Agent, Ed25519SigningKey.Generate());
        var token = await TokenOfAgentAsync(key.PublicKey.Did);
        await SignAsync(token, "run-own-key", "n1", Model());

        var asked = await PiecesOfAsync("run-own-key");
        var unsigned = Assert.Single(asked).UnsignedBundle;
        var payload = JsonReader.Parse(unsigned.PayloadJson.Span, 1 << 24).Value;
        var signed = key.SignEnvelope(EnvelopeTypes.ProofBundle, payload, TimeProvider.System.GetUtcNow()).Json;
        var foreign = stranger.SignEnvelope(EnvelopeTypes.ProofBundle, payload, TimeProvider.System.GetUtcNow()).Json;
        var other = Encoding.UTF8.GetString(signed.Span).Replace("\"segment_count\":1", "\"segment_count\":2", StringComparison.Ordinal);

        Assert.Equal((1u, key.PublicKey.Did), (unsigned.Segment, unsigned.AgentDid));
        Assert.Equal(ReasonCode.BundleInvalid, Assert.Single(await PiecesOfAsync("run-own-key", foreign)).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.BundleInvalid, Assert.Single(await PiecesOfAsync("run-own-key", Encoding.UTF8.GetBytes(other))).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.BundleInvalid, Assert.Single(await PiecesOfAsync("run-own-key", signed, signed)).Refusal.ReasonCode);
        var report = Audit((await ExportAsync("run-own-key", signed))["evidence.json"]);
        Assert.True(report.Holds, ProblemsOf(report));
    }

    [Fact]
    public async Task ExportRun_SignedBeforeTheRunWentOn_IsRefused()
    {
        using var key = new PurposeKey(KeyPurpose.Agent, Ed25519SigningKey.Generate());
        var token = await TokenOfAgentAsync(key.PublicKey.Did);
        await SignAsync(token, "run-went-on", "n1", Model());
        var payload = JsonReader.Parse(Assert.Single(await PiecesOfAsync("run-went-on")).UnsignedBundle.PayloadJson.Span, 1 << 24).Value;
        await SignAsync(token, "run-went-on", "n2", Model());

        var refused = Assert.Single(await PiecesOfAsync("run-went-on", key.SignEnvelope(EnvelopeTypes.ProofBundle, payload, TimeProvider.System.GetUtcNow()).Json));

        Assert.Equal((ReasonCode.BundleInvalid, "signed_bundles"), (refused.Refusal.ReasonCode, refused.Refusal.Field));
    }

    [Fact]
    public async Task ExportRun_NothingToExport_IsRefused()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run-empty" });

        Assert.Equal(ReasonCode.RunNotFound, Assert.Single(await PiecesOfAsync("run-nowhere")).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.RunEmpty, Assert.Single(await PiecesOfAsync("run-empty")).Refusal.ReasonCode);
    }

    [Fact]
    public async Task ExportRun_EachReceiptAlone_IsProvedByItsLogProofAndNoOther()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await SignAsync(token, "run-proofs", "n1", Model());
        await SignAsync(token, "run-proofs", "n2", Model());

        var evidence = EvidenceReader.Read((await ExportAsync("run-proofs"))["evidence.json"]).Value;
        var receipts = ReceiptWithProof.AllOf(evidence);
        var hashes = receipts.Select(receipt => EnvelopeVerifier.Verify(Encoding.UTF8.GetBytes(receipt.Envelope), Trusted(), TimeProvider.System.GetUtcNow()).PayloadHash).ToList();

        Assert.Equal(2, receipts.Length);
        Assert.All(receipts.Zip(hashes), pair => Assert.Null(TransparencyProofVerifier.FindFault(pair.First.Proof, pair.Second, Trusted())));
        Assert.Equal(("INCLUSION_PROOF_INVALID", "extra"), FaultOf(receipts[0].Proof, hashes[1], Trusted()));
        Assert.Equal(("SIGNATURE_INVALID", "checkpoint"), FaultOf(receipts[0].Proof, hashes[0], [_sidecar.Client.AgentDid]));
        Assert.Equal(("INCLUSION_PROOF_INVALID", "index"), FaultOf(NextIndex(receipts[0].Proof), hashes[0], Trusted()));
        Assert.Equal(("SCHEMA_VALIDATION_FAILED", ""), FaultOf("c2sp.org/tlog-proof@v2" + receipts[0].Proof["c2sp.org/tlog-proof@v1".Length..], hashes[0], Trusted()));
    }

    private static (string, string) FaultOf(string proof, string hash, ImmutableArray<string> trusted)
    {
        var fault = TransparencyProofVerifier.FindFault(proof, hash, trusted);
        return (fault?.Code ?? "", fault?.Field ?? "");
    }

    private static string NextIndex(string proof)
    {
        var lines = proof.Split('\n');
        lines[2] = string.Create(CultureInfo.InvariantCulture, $"index {int.Parse(lines[2]["index ".Length..], CultureInfo.InvariantCulture) ^ 1}");
        return string.Join('\n', lines);
    }

    private static string ProblemsOf(AuditReport report) =>
        string.Join('\n', report.Answers.SelectMany(static answer => answer.Problems).Select(static problem => $"{problem.Code}: {problem.Message}"));

    private static SignReceiptRequest Model() => new()
    {
        ModelCall = new ModelCall { Provider = "openai", Model = "gpt-4o", RequestHashB64U = Hash, ResponseHashB64U = Hash },
    };

    private ImmutableArray<string> Trusted() => _sidecar.Installation.TrustedDids();

    private AuditReport Audit(byte[] evidence) => AuditVerifier.Verify(evidence, Trusted(), TimeProvider.System.GetUtcNow());

    private async Task<string> TokenOfAgentAsync(string agentDid)
    {
        var request = new IssueCstRequest { IdToken = await _sidecar.Client.SignInAsync("alice"), AgentDid = agentDid };
        request.Audiences.Add("clawpdp");
        return (await _sidecar.Client.Tokens.IssueCstAsync(request)).Issued.Cst;
    }

    private async Task<SignedReceipt> SignAsync(string token, string run, string nonce, SignReceiptRequest request)
    {
        var action = request switch
        {
            { ModelCall: { } call } => new AuthorizeRequest { Model = call.Model, Provider = call.Provider },
            { ToolCall: { } tool } => new AuthorizeRequest { Tool = tool.ToolName },
            _ => new AuthorizeRequest { Host = request.SideEffect.Host },
        };
        action.Cst = token;
        action.RunId = run;
        action.PolicyHash = _sidecar.Installation.PolicyHash;
        request.DecisionId = (await _sidecar.Client.Decisions.AuthorizeAsync(action)).DecisionId;
        (request.Cst, request.RunId, request.Nonce) = (token, run, nonce);
        return (await _sidecar.Client.Receipts.SignReceiptAsync(request)).Receipt;
    }

    private async Task<List<ExportRunResponse>> PiecesOfAsync(string run, params ReadOnlyMemory<byte>[] signed)
    {
        var request = new ExportRunRequest { RunId = run };
        request.SignedBundles.AddRange(signed.Select(static bundle => ByteString.CopyFrom(bundle.Span)));
        using var call = _audits.ExportRun(request);
        var pieces = new List<ExportRunResponse>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
        {
            pieces.Add(piece);
        }

        return pieces;
    }

    private async Task<Dictionary<string, byte[]>> ExportAsync(string run, params ReadOnlyMemory<byte>[] signed)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in (await PiecesOfAsync(run, signed)).Select(static piece => piece.File ?? throw new InvalidOperationException(piece.ToString())))
        {
            files[file.Name] = [.. files.GetValueOrDefault(file.Name) ?? [], .. file.Content.Span];
        }

        return files;
    }
}
