using ClawPdp.Server.Callers;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Runs;
using ClawPdp.Server.Telemetry;
using ClawPdp.V1;
using Grpc.Core;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to runs. It translates and decides nothing.</summary>
internal sealed class RunGrpcService : RunService.RunServiceBase
{
    private readonly RunDesk _desk;
    private readonly DiskWork _disk;
    private readonly CallGuard _guard;

    public RunGrpcService(RunDesk desk, DiskWork disk, CallGuard guard)
    {
        _desk = desk;
        _disk = disk;
        _guard = guard;
    }

    /// <inheritdoc/>
    public override Task<StartRunResponse> StartRun(StartRunRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(RunRequestChecks.Check(request));
        return _guard.WriteAsync(
            nameof(StartRun),
            context,
            request.Cst,
            async () =>
            {
                var result = await _desk.StartAsync(CallEvidence.Present(request.Cst, context), request.RunId);
                return result.Run is { } run
                    ? new StartRunResponse { Run = WireRuns.Write(run), Replayed = result.IsReplayed }
                    : new StartRunResponse { Refusal = WireRuns.Refuse(result.Refusal) };
            },
            static (reason, message) => new StartRunResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<AppendEventResponse> AppendEvent(AppendEventRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(RunRequestChecks.Check(request));
        return _guard.WriteAsync(
            nameof(AppendEvent),
            context,
            request.Cst,
            async () =>
            {
                var result = await _desk.AppendAsync(CallEvidence.Present(request.Cst, context), WireRuns.Read(request) with { Trace = CallTrace.Of(context) });
                return result.Event is { } appended
                    ? new AppendEventResponse { Event = WireRuns.Write(appended, result.Sequence), Replayed = result.IsReplayed }
                    : new AppendEventResponse { Refusal = WireRuns.Refuse(result.Refusal) };
            },
            static (reason, message) => new AppendEventResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<GetRunResponse> GetRun(GetRunRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(RunRequestChecks.Check(request));
        return _guard.RunAsync(
            nameof(GetRun),
            () => _disk.RunLongAsync(() => Find(request), context.CancellationToken),
            static (reason, message) => new GetRunResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<FinishRunResponse> FinishRun(FinishRunRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(RunRequestChecks.Check(request));
        return _guard.WriteAsync(
            nameof(FinishRun),
            context,
            request.Cst,
            async () =>
            {
                var result = await _desk.FinishAsync(CallEvidence.Present(request.Cst, context), request.RunId);
                return result.Run is { } run
                    ? new FinishRunResponse { Run = WireRuns.Write(run), Replayed = result.IsReplayed }
                    : new FinishRunResponse { Refusal = WireRuns.Refuse(result.Refusal) };
            },
            static (reason, message) => new FinishRunResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    private GetRunResponse Find(GetRunRequest request)
    {
        if (_desk.Find(request.RunId) is not { } run)
        {
            return new GetRunResponse { Refusal = WireReasons.Refuse(ReasonCode.RunNotFound, "no run of that id was started here", "run_id") };
        }

        var response = new GetRunResponse { Run = WireRuns.Write(run) };
        if (request.Segment is > 0 and <= int.MaxValue)
        {
            response.Events.AddRange(_desk.EventsOf(request.RunId, (int)request.Segment).Select(static item => WireRuns.Write(item.Event, item.Sequence)));
        }

        return response;
    }
}
