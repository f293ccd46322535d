using System.Collections.Immutable;
using ClawPdp.Crypto.Verification;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Receipts;
using ClawPdp.Server.Telemetry;
using ClawPdp.V1;
using Grpc.Core;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to receipts. It translates and decides nothing.</summary>
internal sealed class ReceiptGrpcService : ReceiptService.ReceiptServiceBase
{
    private readonly ReceiptDesk _desk;
    private readonly KeyRingStore _keys;
    private readonly RevocationView _revocations;
    private readonly TimeProvider _time;
    private readonly DiskWork _disk;
    private readonly CallGuard _guard;

    public ReceiptGrpcService(ReceiptDesk desk, KeyRingStore keys, RevocationView revocations, TimeProvider time, DiskWork disk, CallGuard guard)
    {
        _desk = desk;
        _keys = keys;
        _revocations = revocations;
        _time = time;
        _disk = disk;
        _guard = guard;
    }

    /// <inheritdoc/>
    public override Task<SignReceiptResponse> SignReceipt(SignReceiptRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(ReceiptRequestChecks.Check(request));
        return _guard.WriteAsync(nameof(SignReceipt), context, request.Cst, () => SignAsync(request, CallEvidence.Of(context.GetHttpContext()), context), static (reason, message) => Refuse(reason, message));
    }

    /// <inheritdoc/>
    public override async Task<SignReceiptBatchResponse> SignReceiptBatch(SignReceiptBatchRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(new RequestCheck().Count("requests", request.Requests.Count, 1, RequestLimits.BatchCountMax).Fault);
        var response = new SignReceiptBatchResponse();
        var evidence = CallEvidence.Of(context.GetHttpContext());
        foreach (var item in request.Requests)
        {
            var fault = ReceiptRequestChecks.Check(item);
            response.Responses.Add(fault is null
                ? await _guard.WriteItemAsync(nameof(SignReceipt), context, item.Cst, () => SignAsync(item, evidence, context), static (reason, message) => Refuse(reason, message))
                : Refuse(ReasonCode.RequestInvalid, fault.Message, fault.Field));
        }

        return response;
    }

    /// <inheritdoc/>
    public override Task<GetReceiptResponse> GetReceipt(GetReceiptRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(ReceiptRequestChecks.Check(request));
        return _guard.RunAsync(
            nameof(GetReceipt),
            () => _disk.RunAsync(() => Find(request), context.CancellationToken),
            static (reason, message) => new GetReceiptResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<VerifyReceiptResponse> VerifyReceipt(VerifyReceiptRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(ReceiptRequestChecks.Check(request));
        var now = _time.GetUtcNow();
        ImmutableArray<string> trusted = request.TrustedSignerDids.Count > 0
            ? [.. request.TrustedSignerDids]
            : [.. ReceiptKeys.Accepted(_keys.Current, _revocations, now).Select(static key => key.PublicKey.Did)];
        return Task.FromResult(WireVerifications.Write(EnvelopeVerifier.Verify(request.EnvelopeJson.Span, trusted, now)));
    }

    private static SignReceiptResponse Refuse(ReasonCode reason, string message, string field = "") =>
        new() { Refusal = WireReasons.Refuse(reason, message, field) };

    private async Task<SignReceiptResponse> SignAsync(SignReceiptRequest request, HolderEvidence? evidence, ServerCallContext context)
    {
        var asked = WireReceipts.Read(request);
        asked = asked with { Question = asked.Question with { Token = asked.Question.Token.ShownWith(evidence) }, Trace = CallTrace.Of(context) };
        return WireReceipts.Write(await _desk.SignAsync(asked, context.CancellationToken));
    }

    private GetReceiptResponse Find(GetReceiptRequest request)
    {
        var found = request.KeyCase == GetReceiptRequest.KeyOneofCase.ReceiptId
            ? _desk.Find(request.ReceiptId)
            : _desk.Find(request.RunNonce.RunId, request.RunNonce.Nonce);
        return found is null
            ? new GetReceiptResponse { Refusal = WireReasons.Refuse(ReasonCode.ReceiptNotFound, "no receipt was signed here for this") }
            : new GetReceiptResponse { Receipt = WireReceipts.Write(found) };
    }
}
