using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using ClawPdp.Server.Overload;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Doors.Web;

/// <summary>
/// Puts one call of gRPC through the pipeline within a request that is none: the message in a frame for the request's body, and what is
/// answered kept instead of sent.
/// </summary>
internal sealed class GrpcExchange : IRequestBodyPipeFeature, IHttpResponseTrailersFeature, IHttpResetFeature
{
    private const string MediaType = "application/grpc";
    private const string Http2 = "HTTP/2";
    private const string OwnPrefix = "grpc-";

    // The frame of gRPC: one byte that tells of compression, and four of size.
    private const int FrameHeadSize = 5;

    private GrpcExchange(byte[] frame) => Reader = PipeReader.Create(new ReadOnlySequence<byte>(frame));

    /// <inheritdoc/>
    public PipeReader Reader { get; }

    /// <inheritdoc/>
    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <inheritdoc/>
    public void Reset(int errorCode)
    {
        // The call ends before its handler does; the status was written, and the connection can go on.
    }

    /// <summary>Makes the call.</summary>
    /// <param name="context">The request that it comes with.</param>
    /// <param name="pipeline">What answers calls of gRPC.</param>
    /// <param name="message">The message.</param>
    /// <param name="timeout">The time for it as gRPC says it; empty for none.</param>
    public static async Task<GrpcOutcome> RunAsync(HttpContext context, RequestDelegate pipeline, byte[] message, string timeout)
    {
        var (request, features) = (context.Request, context.Features);
        var (protocol, contentType) = (request.Protocol, request.ContentType);
        var (body, response) = (features.Get<IRequestBodyPipeFeature>(), features.Get<IHttpResponseBodyFeature>());
        var (trailers, reset) = (features.Get<IHttpResponseTrailersFeature>(), features.Get<IHttpResetFeature>());
        using var kept = new MemoryStream();
        var answer = new StreamResponseBodyFeature(kept);
        var exchange = new GrpcExchange(Frame(message));
        try
        {
            features.Set<IRequestBodyPipeFeature>(exchange);
            features.Set<IHttpResponseTrailersFeature>(exchange);
            features.Set<IHttpResetFeature>(exchange);
            features.Set<IHttpResponseBodyFeature>(answer);
            Prepare(request, timeout);
            await pipeline(context);
            await answer.CompleteAsync();
        }
        finally
        {
            features.Set(body);
            features.Set(trailers);
            features.Set(reset);
            features.Set(response);
            (request.Protocol, request.ContentType) = (protocol, contentType);
        }

        return Read(context.Response, exchange.Trailers, kept.ToArray());
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[FrameHeadSize + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(FrameHeadSize));
        return frame;
    }

    private static void Prepare(HttpRequest request, string timeout)
    {
        // What the caller wrote of gRPC's own is not meant: this is none of its calls.
        foreach (var name in request.Headers.Keys.Where(static name => name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            request.Headers.Remove(name);
        }

        if (timeout.Length > 0)
        {
            request.Headers.GrpcTimeout = timeout;
        }

        (request.Protocol, request.ContentType) = (Http2, MediaType);
    }

    // Without an answer on its way the status stands in the headers; taken out of them, as they are to be those of another protocol.
    private static GrpcOutcome Read(HttpResponse response, IHeaderDictionary trailers, byte[] answer)
    {
        IHeaderDictionary said = new HeaderDictionary();
        foreach (var (name, value) in trailers.Concat(response.Headers.Where(static header => header.Key.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase))).ToArray())
        {
            said[name] = value;
            response.Headers.Remove(name);
        }

        response.Headers.ContentType = default;
        response.StatusCode = StatusCodes.Status200OK;
        var pushback = said[CallRefusal.PushbackName].ToString();
        var isSaid = int.TryParse(said.GrpcStatus, NumberStyles.None, CultureInfo.InvariantCulture, out var status);
        if (isSaid && status == (int)StatusCode.OK && TryUnframe(answer, out var message))
        {
            return new GrpcOutcome(StatusCode.OK, "", message, pushback);
        }

        return isSaid && status != (int)StatusCode.OK
            ? new GrpcOutcome((StatusCode)status, Uri.UnescapeDataString(said.GrpcMessage.ToString()), [], pushback)
            : new GrpcOutcome(StatusCode.Internal, "the call could not be finished", [], pushback);
    }

    private static bool TryUnframe(byte[] answer, out byte[] message)
    {
        var isWhole = answer.Length >= FrameHeadSize && answer[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(1)) == (uint)(answer.Length - FrameHeadSize);
        message = isWhole ? answer[FrameHeadSize..] : [];
        return isWhole;
    }
}
