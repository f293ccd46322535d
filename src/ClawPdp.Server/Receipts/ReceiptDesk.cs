using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Receipts;

/// <summary>Signs receipts: only for what the token allows, once for each nonce, on disk before it is acknowledged.</summary>
internal sealed class ReceiptDesk
{
    private readonly ServerSettings _settings;
    private readonly DecisionEngine _engine;
    private readonly KeyRingStore _keys;
    private readonly LedgerStore _ledger;
    private readonly FailureCounter _failures;
    private readonly TimeProvider _time;
    private readonly ILogger<ReceiptDesk> _logger;

    public ReceiptDesk(
        ServerSettings settings,
        DecisionEngine engine,
        KeyRingStore keys,
        LedgerStore ledger,
        FailureCounter failures,
        TimeProvider time,
        ILogger<ReceiptDesk> logger)
    {
        _settings = settings;
        _engine = engine;
        _keys = keys;
        _ledger = ledger;
        _failures = failures;
        _time = time;
        _logger = logger;
    }

    /// <summary>Signs a receipt, gives the one signed before for the same nonce, or says why not.</summary>
    /// <exception cref="LedgerException">Nothing could be made durable.</exception>
    public async Task<ReceiptOutcome> SignAsync(ReceiptRequest request, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var decision = _engine.Decide(request.Question, now, out var unexpected);
        if (unexpected is not null)
        {
            _failures.Add();
            Log.DecisionFailed(_logger, unexpected);
        }

        if (decision.Effect != Effect.Allow || decision.Token is not { } token)
        {
            return await RefuseAsync(decision, request, now, cancellation);
        }

        var fingerprint = FingerprintOf(request, token.Claims.TokenScopeHash ?? "");
        if (_ledger.FindByNonce(request.RunId, request.Nonce) is { } earlier)
        {
            return Replay(earlier, fingerprint, decision.Epoch);
        }

        var receiptKey = _keys.Current.SignerOf(KeyPurpose.Receipt);
        var receiptId = ReceiptPayloads.NewId(request.Content, now);
        var payload = ReceiptPayloads.Build(receiptId, request, decision, _settings.GatewayId ?? receiptKey.PublicKey.Did, now);
        if (!payload.TryGet(out var built))
        {
            return new ReceiptOutcome
            {
                Reason = ReasonCode.ReceiptInvalid,
                Message = payload.Faults[0].Message,
                Field = payload.Faults[0].Pointer,
                Epoch = decision.Epoch,
            };
        }

        var envelope = receiptKey.SignEnvelope(ReceiptPayloads.TypeOf(request.Content), built, now);
        var appended = await _ledger.AppendReceiptAsync(
            new ReceiptRecord
            {
                ReceiptId = receiptId,
                ReceiptType = ReceiptPayloads.TypeOf(request.Content),
                RunId = request.RunId,
                Nonce = request.Nonce,
                IdempotencyScope = request.RunId,
                RequestFingerprint = fingerprint,
                EnvelopeJson = envelope.Json,
                PayloadHash = envelope.PayloadHash,
                TokenHash = token.TokenHash,
                DecisionId = request.DecisionId.Length > 0 ? request.DecisionId : null,
                SignedAt = now,
            },
            cancellation);
        var stored = appended.Record is { } record ? new StoredReceipt(record, appended.Sequence) : null;
        return appended.Status == AppendStatus.Appended
            ? new ReceiptOutcome { Receipt = stored, Epoch = decision.Epoch }
            : Replay(stored, fingerprint, decision.Epoch);
    }

    /// <summary>Finds a receipt by its id.</summary>
    public StoredReceipt? Find(string receiptId) => _ledger.GetReceipt(receiptId);

    /// <summary>Finds a receipt by what it was asked for with.</summary>
    public StoredReceipt? Find(string runId, string nonce) => _ledger.FindByNonce(runId, nonce);

    private static ReceiptOutcome Replay(StoredReceipt? earlier, byte[] fingerprint, long epoch) =>
        earlier is not null && earlier.Record.RequestFingerprint.Span.SequenceEqual(fingerprint)
            ? new ReceiptOutcome { Receipt = earlier, IsReplayed = true, Epoch = epoch }
            : new ReceiptOutcome
            {
                Reason = ReasonCode.IdempotencyKeyReused,
                Message = "the nonce was used in this run with other content",
                Field = "nonce",
                Epoch = epoch,
            };

    private static byte[] FingerprintOf(ReceiptRequest request, string tokenScopeHash) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(request.Fingerprint + "." + tokenScopeHash));

    // What was attempted, without the token and without the target's text, which is not kept.
    private static string DetailsOf(ReceiptRequest request) => JsonWriter.CanonicalText(new JsonObjectBuilder()
        .Add("run_id", request.RunId)
        .Add("nonce", request.Nonce)
        .Add("event_hash_b64u", request.EventHash)
        .AddIfPresent("decision_id", request.DecisionId)
        .AddIfPresent("tool", request.Question.Tool)
        .AddIfPresent("model", request.Question.Model)
        .AddIfPresent("host", request.Question.Host)
        .Build());

    private static RefusalRecord Attempt(Decision decision, ReceiptRequest request, DateTimeOffset now) => new()
    {
        RefusedAt = now,
        Operation = "SignReceipt",
        ReasonCode = ReasonCatalog.NameOf(decision.Reason),
        TokenHash = decision.Token?.TokenHash,
        DetailsJson = DetailsOf(request),
    };

    private async Task<ReceiptOutcome> RefuseAsync(Decision decision, ReceiptRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        // Only who holds a token of ours leaves a record: a stranger must not be able to fill the disk.
        if (decision.Token is not null)
        {
            await _ledger.AppendRefusalAsync(Attempt(decision, request, now), cancellation);
        }

        return new ReceiptOutcome
        {
            Reason = decision.Reason,
            Message = decision.Message,
            Dimension = decision.Dimension,
            StatementIds = decision.StatementIds,
            Epoch = decision.Epoch,
        };
    }
}
