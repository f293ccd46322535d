using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Looks for the first fault of a message to the run service.</summary>
internal static class RunRequestChecks
{
    public static RequestFault? Check(StartRunRequest request) => new RequestCheck()
        .Text("cst", request.Cst, RequestLimits.CstMax)
        .Text("run_id", request.RunId, RequestLimits.IdentifierMax)
        .Fault;

    public static RequestFault? Check(AppendEventRequest request) => new RequestCheck()
        .Text("cst", request.Cst, RequestLimits.CstMax)
        .Required("run_id", request.RunId, RequestLimits.IdentifierMax)
        .Text("event_id", request.EventId, RequestLimits.IdentifierMax)
        .Required("event_type", request.EventType, RequestLimits.EventTypeMax)
        .Text("timestamp", request.Timestamp, RequestLimits.TimestampMax)
        .Required("payload_hash_b64u", request.PayloadHashB64U, RequestLimits.PolicyHashMax)
        .Fault;

    public static RequestFault? Check(GetRunRequest request) => new RequestCheck()
        .Required("run_id", request.RunId, RequestLimits.IdentifierMax)
        .Fault;

    public static RequestFault? Check(FinishRunRequest request) => new RequestCheck()
        .Text("cst", request.Cst, RequestLimits.CstMax)
        .Required("run_id", request.RunId, RequestLimits.IdentifierMax)
        .Fault;
}
