using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Http;
using ClawPdp.Server.Overload;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ClawPdp.Server.Doors.Web;

/// <summary>
/// The unary calls of the Connect protocol. What is posted becomes the message of a gRPC call, which the pipeline answers as any other; its
/// answer becomes JSON again. So limits, statuses and records are those of gRPC.
/// </summary>
internal sealed class ConnectProtocol : IWebProtocol
{
    private const string Json = "application/json";
    private const string Protobuf = "application/proto";
    private const string VersionHeader = "Connect-Protocol-Version";
    private const string TimeoutHeader = "Connect-Timeout-Ms";
    private const string TrailerPrefix = "Trailer-";
    private const int TimeoutDigitsMax = 10;

    // The most that a timeout of gRPC can say in milliseconds: 27 hours, which no call takes.
    private const long TimeoutMaxMilliseconds = 99_999_999;

    /// <inheritdoc/>
    public bool Takes(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && (request.Path.Value?.StartsWith(AgentMethods.PathStart, StringComparison.Ordinal) ?? false)
        && (DoorBody.IsOf(request.HttpContext, Json) || DoorBody.IsOf(request.HttpContext, Protobuf))
        && IsUtf8(request.ContentType);

    /// <inheritdoc/>
    public RequestDelegate Build(IApplicationBuilder app, RequestDelegate pipeline) => context => AnswerAsync(context, pipeline);

    /// <inheritdoc/>
    public Task RefuseAsync(HttpContext context, StatusCode status, string message)
    {
        var (name, httpStatus) = ConnectCodes.Of(status);
        context.Response.StatusCode = httpStatus;
        return HttpJson.WriteAsync(context, new JsonObjectBuilder().Add("code", name).Add("message", message).Build());
    }

    // A text in another encoding is not this media type, whatever it calls itself.
    private static bool IsUtf8(string? contentType)
    {
        var parameters = contentType?.Split(';', StringSplitOptions.TrimEntries)[1..] ?? [];
        return parameters is [] || (parameters is [var only] && only.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase));
    }

    private static (StatusCode Status, string Message)? FaultOf(HttpRequest request, out string timeout)
    {
        timeout = "";
        if (request.QueryString.HasValue)
        {
            return (StatusCode.InvalidArgument, "query: none is taken");
        }

        if (request.Headers[VersionHeader] is { Count: > 0 } version && !string.Equals(version, "1", StringComparison.Ordinal))
        {
            return (StatusCode.InvalidArgument, "connect-protocol-version: 1 is expected");
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCode.Unimplemented, "content-encoding: nothing but identity is taken");
        }

        return request.Headers[TimeoutHeader] is not { Count: > 0 } given || TryReadTimeout(given.ToString(), out timeout)
            ? null
            : (StatusCode.InvalidArgument, "connect-timeout-ms: 1 to 10 digits are expected");
    }

    private static bool TryReadTimeout(string text, out string timeout)
    {
        var isRead = text.Length <= TimeoutDigitsMax && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        timeout = isRead ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), TimeoutMaxMilliseconds)}m") : "";
        return isRead;
    }

    private static byte[]? MessageOf(byte[] body, bool isJson, MessageDescriptor type, out string fault)
    {
        fault = "";
        return isJson ? MessageJson.Read(body, type, out fault) : body;
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate pipeline)
    {
        if (FaultOf(context.Request, out var timeout) is var (status, message))
        {
            await RefuseAsync(context, status, message);
        }
        else if (!AgentMethods.TryFind(context.Request.Path.Value ?? "", out var method) || method.Descriptor.IsServerStreaming)
        {
            await RefuseAsync(context, StatusCode.Unimplemented, "this door has no streams; gRPC and gRPC-Web have");
        }
        else if (await ReadAsync(context) is { } body)
        {
            var isJson = DoorBody.IsOf(context, Json);
            if (MessageOf(body, isJson, method.Descriptor.InputType, out var fault) is { } request)
            {
                var outcome = await GrpcExchange.RunAsync(context, pipeline, request, timeout);
                await WriteAsync(context, outcome, isJson ? method.Descriptor.OutputType : null);
            }
            else
            {
                await RefuseAsync(context, StatusCode.InvalidArgument, fault);
            }
        }
    }

    private async Task<byte[]?> ReadAsync(HttpContext context)
    {
        var refused = string.Create(CultureInfo.InvariantCulture, $"body: longer than {RequestLimits.MessageMax} bytes");
        try
        {
            if (await DoorBody.ReadAsync(context, RequestLimits.MessageMax) is { } body)
            {
                return body;
            }
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.ResourceExhausted)
        {
            refused = exception.Status.Detail;
        }

        await RefuseAsync(context, StatusCode.ResourceExhausted, refused);
        return null;
    }

    private async Task WriteAsync(HttpContext context, GrpcOutcome outcome, MessageDescriptor? type)
    {
        if (outcome.Pushback.Length > 0)
        {
            context.Response.Headers[TrailerPrefix + CallRefusal.PushbackName] = outcome.Pushback;
        }

        if (outcome.Status != StatusCode.OK)
        {
            await RefuseAsync(context, outcome.Status, outcome.Message);
            return;
        }

        var body = type is null ? outcome.Answer : MessageJson.Write(type.Parser.ParseFrom(outcome.Answer));
        context.Response.ContentType = type is null ? Protobuf : Json;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
