using ClawPdp.V1;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>
/// The methods of the contract, one by one. The pipeline could find them by itself, by reflection and by generic virtual methods; in a
/// native build that is half of the time from start to first answer, as each such method is then put together at run time.
/// </summary>
internal sealed class GrpcMethods : IServiceMethodProvider<GrpcDoors>
{
    // What the pipeline says of the methods that it finds itself: POST alone.
    private static readonly IList<object> Post = [new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true)];

    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<GrpcDoors> context)
    {
        AddDecisions(context, ServiceNames.Decisions);
        AddTokens(context, ServiceNames.Tokens);
        AddReceipts(context, ServiceNames.Receipts);
        AddPolicies(context, ServiceNames.Policies);
        AddRuns(context, ServiceNames.Runs);
        AddAudits(context, ServiceNames.Audits);
    }

    private static void AddDecisions(ServiceMethodProviderContext<GrpcDoors> context, string service)
    {
        AddUnary(context, service, "Authorize", AuthorizeRequest.Parser, AuthorizeResponse.Parser, static (doors, request, call) => doors.Decisions.Authorize(request, call));
        AddUnary(context, service, "AuthorizeBatch", AuthorizeBatchRequest.Parser, AuthorizeBatchResponse.Parser, static (doors, request, call) => doors.Decisions.AuthorizeBatch(request, call));
        context.AddDuplexStreamingMethod(
            MethodOf(MethodType.DuplexStreaming, service, "AuthorizeStream", AuthorizeStreamRequest.Parser, AuthorizeStreamResponse.Parser),
            Post,
            static (doors, requests, responses, call) => doors.Decisions.AuthorizeStream(requests, responses, call));
        AddUnary(context, service, "Explain", ExplainRequest.Parser, ExplainResponse.Parser, static (doors, request, call) => doors.Decisions.Explain(request, call));
        AddUnary(context, service, "ListAllowed", ListAllowedRequest.Parser, ListAllowedResponse.Parser, static (doors, request, call) => doors.Decisions.ListAllowed(request, call));
        AddServerStream(context, service, "WatchEpoch", WatchEpochRequest.Parser, WatchEpochResponse.Parser, static (doors, request, responses, call) => doors.Decisions.WatchEpoch(request, responses, call));
    }

    private static void AddTokens(ServiceMethodProviderContext<GrpcDoors> context, string service)
    {
        AddUnary(context, service, "IssueCst", IssueCstRequest.Parser, IssueCstResponse.Parser, static (doors, request, call) => doors.Tokens.IssueCst(request, call));
        AddUnary(context, service, "IntrospectCst", IntrospectCstRequest.Parser, IntrospectCstResponse.Parser, static (doors, request, call) => doors.Tokens.IntrospectCst(request, call));
        AddUnary(context, service, "RevokeCst", RevokeCstRequest.Parser, RevokeCstResponse.Parser, static (doors, request, call) => doors.Tokens.RevokeCst(request, call));
        AddUnary(context, service, "ListRevocations", ListRevocationsRequest.Parser, ListRevocationsResponse.Parser, static (doors, request, call) => doors.Tokens.ListRevocations(request, call));
        AddServerStream(context, service, "WatchRevocations", WatchRevocationsRequest.Parser, WatchRevocationsResponse.Parser, static (doors, request, responses, call) => doors.Tokens.WatchRevocations(request, responses, call));
    }

    private static void AddReceipts(ServiceMethodProviderContext<GrpcDoors> context, string service)
    {
        AddUnary(context, service, "SignReceipt", SignReceiptRequest.Parser, SignReceiptResponse.Parser, static (doors, request, call) => doors.Receipts.SignReceipt(request, call));
        AddUnary(context, service, "SignReceiptBatch", SignReceiptBatchRequest.Parser, SignReceiptBatchResponse.Parser, static (doors, request, call) => doors.Receipts.SignReceiptBatch(request, call));
        AddUnary(context, service, "GetReceipt", GetReceiptRequest.Parser, GetReceiptResponse.Parser, static (doors, request, call) => doors.Receipts.GetReceipt(request, call));
        AddUnary(context, service, "VerifyReceipt", VerifyReceiptRequest.Parser, VerifyReceiptResponse.Parser, static (doors, request, call) => doors.Receipts.VerifyReceipt(request, call));
    }

    private static void AddPolicies(ServiceMethodProviderContext<GrpcDoors> context, string service)
    {
        AddUnary(context, service, "GetActivePolicy", GetActivePolicyRequest.Parser, GetActivePolicyResponse.Parser, static (doors, request, call) => doors.Policies.GetActivePolicy(request, call));
        AddUnary(context, service, "ListPolicies", ListPoliciesRequest.Parser, ListPoliciesResponse.Parser, static (doors, request, call) => doors.Policies.ListPolicies(request, call));
        AddUnary(context, service, "PutPolicy", PutPolicyRequest.Parser, PutPolicyResponse.Parser, static (doors, request, call) => doors.Policies.PutPolicy(request, call));
        AddUnary(context, service, "ActivatePolicy", ActivatePolicyRequest.Parser, ActivatePolicyResponse.Parser, static (doors, request, call) => doors.Policies.ActivatePolicy(request, call));
        AddUnary(context, service, "ListActivations", ListActivationsRequest.Parser, ListActivationsResponse.Parser, static (doors, request, call) => doors.Policies.ListActivations(request, call));
        AddUnary(context, service, "ShadowPolicy", ShadowPolicyRequest.Parser, ShadowPolicyResponse.Parser, static (doors, request, call) => doors.Policies.ShadowPolicy(request, call));
        AddUnary(context, service, "GetShadowReport", GetShadowReportRequest.Parser, GetShadowReportResponse.Parser, static (doors, request, call) => doors.Policies.GetShadowReport(request, call));
    }

    private static void AddRuns(ServiceMethodProviderContext<GrpcDoors> context, string service)
    {
        AddUnary(context, service, "StartRun", StartRunRequest.Parser, StartRunResponse.Parser, static (doors, request, call) => doors.Runs.StartRun(request, call));
        AddUnary(context, service, "AppendEvent", AppendEventRequest.Parser, AppendEventResponse.Parser, static (doors, request, call) => doors.Runs.AppendEvent(request, call));
        AddUnary(context, service, "GetRun", GetRunRequest.Parser, GetRunResponse.Parser, static (doors, request, call) => doors.Runs.GetRun(request, call));
        AddUnary(context, service, "FinishRun", FinishRunRequest.Parser, FinishRunResponse.Parser, static (doors, request, call) => doors.Runs.FinishRun(request, call));
    }

    private static void AddAudits(ServiceMethodProviderContext<GrpcDoors> context, string service)
    {
        AddServerStream(context, service, "ExportRun", ExportRunRequest.Parser, ExportRunResponse.Parser, static (doors, request, responses, call) => doors.Audits.ExportRun(request, responses, call));
        AddUnary(context, service, "CreateAgentKey", CreateAgentKeyRequest.Parser, CreateAgentKeyResponse.Parser, static (doors, request, call) => doors.Audits.CreateAgentKey(request, call));
    }

    private static void AddUnary<TRequest, TResponse>(
        ServiceMethodProviderContext<GrpcDoors> context,
        string service,
        string name,
        MessageParser<TRequest> requests,
        MessageParser<TResponse> responses,
        UnaryServerMethod<GrpcDoors, TRequest, TResponse> answer)
        where TRequest : class, IBufferMessage, IMessage<TRequest>
        where TResponse : class, IBufferMessage, IMessage<TResponse> =>
        context.AddUnaryMethod(MethodOf(MethodType.Unary, service, name, requests, responses), Post, answer);

    private static void AddServerStream<TRequest, TResponse>(
        ServiceMethodProviderContext<GrpcDoors> context,
        string service,
        string name,
        MessageParser<TRequest> requests,
        MessageParser<TResponse> responses,
        ServerStreamingServerMethod<GrpcDoors, TRequest, TResponse> answer)
        where TRequest : class, IBufferMessage, IMessage<TRequest>
        where TResponse : class, IBufferMessage, IMessage<TResponse> =>
        context.AddServerStreamingMethod(MethodOf(MethodType.ServerStreaming, service, name, requests, responses), Post, answer);

    private static Method<TRequest, TResponse> MethodOf<TRequest, TResponse>(MethodType type, string service, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : class, IBufferMessage, IMessage<TRequest>
        where TResponse : class, IBufferMessage, IMessage<TResponse> => new(type, service, name, Form(requests), Form(responses));

    private static Marshaller<T> Form<T>(MessageParser<T> parser)
        where T : class, IBufferMessage, IMessage<T> => new(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
