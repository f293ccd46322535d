using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Server.Audit;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Overload;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to exports. It translates and decides nothing.</summary>
internal sealed class AuditGrpcService : AuditService.AuditServiceBase
{
    private const int PieceSizeMaxBytes = 1024 * 1024;

    private readonly ExportDesk _desk;
    private readonly DiskWork _disk;
    private readonly CallGuard _guard;
    private readonly AdminActs _acts;

    public AuditGrpcService(ExportDesk desk, DiskWork disk, CallGuard guard, AdminActs acts)
    {
        _desk = desk;
        _disk = disk;
        _guard = guard;
        _acts = acts;
    }

    /// <inheritdoc/>
    public override async Task ExportRun(ExportRunRequest request, IServerStreamWriter<ExportRunResponse> responseStream, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(new RequestCheck()
            .Required("run_id", request.RunId, RequestLimits.IdentifierMax)
            .Count("signed_bundles", request.SignedBundles.Count, 0, RequestLimits.BundleCountMax)
            .Fault);
        var outcome = await _guard.WriteAsync(
            nameof(ExportRun),
            context,
            "",
            () => _acts.RunAsync(
                context.GetHttpContext(),
                nameof(ExportRun),
                request.RunId,
                "",
                () => _desk.ExportAsync(request.RunId, [.. request.SignedBundles.Select(static bundle => bundle.Memory)], context.CancellationToken),
                static outcome => outcome.Refusal.Reason),
            static (reason, message) => ExportOutcome.Refuse(reason, message, ""));
        foreach (var piece in PiecesOf(outcome))
        {
            await responseStream.WriteAsync(piece, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task<CreateAgentKeyResponse> CreateAgentKey(CreateAgentKeyRequest request, ServerCallContext context) => _guard.WriteAsync(
        nameof(CreateAgentKey),
        context,
        "",
        () => _acts.RunAsync(
            context.GetHttpContext(),
            nameof(CreateAgentKey),
            "",
            "",
            () => _disk.RunAsync(() => new CreateAgentKeyResponse { AgentDid = _desk.CreateAgentKey() }, context.CancellationToken),
            static _ => ReasonCode.Unspecified),
        static (reason, message) => new CreateAgentKeyResponse { Refusal = WireReasons.Refuse(reason, message) });

    private static IEnumerable<ExportRunResponse> PiecesOf(ExportOutcome outcome)
    {
        if (outcome.Refusal.Reason != ReasonCode.Unspecified)
        {
            yield return new ExportRunResponse { Refusal = WireRuns.Refuse(outcome.Refusal) };
        }

        for (var index = 0; index < outcome.Unsigned.Length; index++)
        {
            var payload = JsonWriter.WriteCanonical(outcome.Unsigned[index]);
            yield return new ExportRunResponse
            {
                UnsignedBundle = new UnsignedBundle
                {
                    Segment = (uint)index + 1,
                    PayloadJson = ByteString.CopyFrom(payload),
                    PayloadHashB64U = Sha256.B64u(payload),
                    AgentDid = outcome.AgentDid,
                },
            };
        }

        foreach (var (name, content) in outcome.Files)
        {
            for (var offset = 0; offset < content.Length; offset += PieceSizeMaxBytes)
            {
                var size = Math.Min(PieceSizeMaxBytes, content.Length - offset);
                yield return new ExportRunResponse
                {
                    File = new FilePiece { Name = name, Content = ByteString.CopyFrom(content, offset, size), IsLast = offset + size == content.Length },
                };
            }
        }
    }
}
