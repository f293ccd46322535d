using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Direct;

/// <summary>
/// Answers the unary Authorize straight from the web server: the frame and the message are read where they lie, and the answer is written
/// where it leaves. Only plain questions in the asynchronous mode of the decision log are answered here. Whatever else there is about a
/// request, a fault included, is left to the gRPC pipeline with its body unread, so that every status has one source.
/// </summary>
internal sealed class DirectAuthorize
{
    private const string Path = "/clawpdp.v1.DecisionService/Authorize";
    private const string ContentType = "application/grpc";
    private const string ProtocolName = "HTTP/2";
    private const string OkStatus = "0";

    // The frame of gRPC over HTTP/2: one byte that tells of compression, and four of size.
    private const int FrameHeadSize = 5;

    // A token of the longest kind with every other field at its limit fits.
    private const int BodySizeMax = 65_536;

    private readonly DecisionDesk _desk;
    private readonly OpenCalls _calls;
    private readonly ProofRules _proofs;
    private readonly ListenSettings _listen;
    private readonly TimeProvider _time;

    public DirectAuthorize(DecisionDesk desk, OpenCalls calls, ProofRules proofs, ServerSettings settings, TimeProvider time)
    {
        _desk = desk;
        _calls = calls;
        _proofs = proofs;
        _listen = settings.Listen;
        _time = time;
    }

    /// <summary>Tells by its head whether a request may be answered here.</summary>
    public bool IsFor(IFeatureCollection features) =>
        !_desk.IsDurable
        && FeatureOf<IHttpRequestFeature>(features) is { } request
        && string.Equals(request.Path, Path, StringComparison.Ordinal)
        && string.Equals(request.Method, HttpMethods.Post, StringComparison.Ordinal)
        && string.Equals(request.Protocol, ProtocolName, StringComparison.Ordinal)
        && request.QueryString.Length == 0
        && string.Equals(request.Headers.ContentType, ContentType, StringComparison.Ordinal)
        && request.Headers.GrpcEncoding.Count == 0;

    /// <summary>Answers a request.</summary>
    /// <returns>False when it is left to the pipeline.</returns>
    public async ValueTask<bool> TryAnswerAsync(IFeatureCollection features)
    {
        if (FeatureOf<IRequestBodyPipeFeature>(features)?.Reader is not { } reader)
        {
            return false;
        }

        var isThere = reader.TryRead(out var body);
        if (!isThere || !body.IsCompleted)
        {
            if (isThere)
            {
                reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
            }

            if (await ReadAsync(reader, features) is not { } late)
            {
                return false;
            }

            body = late;
        }

        var isAnswered = TryAnswer(body.Buffer, features);
        reader.AdvanceTo(isAnswered ? body.Buffer.End : body.Buffer.Start, body.Buffer.End);
        return isAnswered;
    }

    // What the web server implements itself it gives without a search.
    private static T? FeatureOf<T>(IFeatureCollection features)
        where T : class => features as T ?? features.Get<T>();

    private static void Write(in RecordedDecision recorded, ReadOnlySpan<byte> requestId, PipeWriter writer)
    {
        int size;
        Span<byte> frame;
        if (AuthorizeWriter.CanWrite(recorded, requestId.Length, out var sizeMax))
        {
            frame = writer.GetSpan(FrameHeadSize + sizeMax);
            size = AuthorizeWriter.Write(recorded, requestId, frame[FrameHeadSize..]);
        }
        else
        {
            var answer = WireDecisions.Write(recorded, Encoding.UTF8.GetString(requestId));
            size = answer.CalculateSize();
            frame = writer.GetSpan(FrameHeadSize + size);
            answer.WriteTo(frame.Slice(FrameHeadSize, size));
        }

        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], size);
        writer.Advance(FrameHeadSize + size);
    }

    // A body that does not come in time, or not at all, is for the pipeline to tell the caller about.
    private async ValueTask<ReadResult?> ReadAsync(PipeReader reader, IFeatureCollection features)
    {
        var headers = FeatureOf<IHttpRequestFeature>(features)?.Headers;
        using var deadline = CallDeadline.TryParse(headers?.GrpcTimeout, out var timeout) ? new CancellationTokenSource(timeout, _time) : null;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(deadline?.Token ?? CancellationToken.None);
                if (read.IsCompleted)
                {
                    return read;
                }

                // Left unread, but never less examined than before: the web server gives the window of what it thinks was examined
                // anew back to the caller, who then sends more than there is room for.
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCanceled || read.Buffer.Length > BodySizeMax)
                {
                    return null;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            if (headers is not null && deadline is { IsCancellationRequested: true })
            {
                // Its time is over; counted from now, it would have as much again.
                headers.GrpcTimeout = CallDeadline.Over;
            }

            return null;
        }
    }

    private static CallTrace TraceOf(IFeatureCollection features) => FeatureOf<IHttpRequestFeature>(features) is { } request ? CallTrace.Of(request.Headers) : default;

    // A user of the machine is known by the connection's memo.
    private AskedAction Shown(in AskedAction asked, IFeatureCollection features) =>
        FeatureOf<IHttpRequestFeature>(features)?.Headers.ContainsKey(CallEvidence.ProofHeader) is true ? asked.ShownWith(CallEvidence.Of(features, _proofs, _listen)) : asked;

    // What cannot be finished is tried again by the pipeline, which logs and counts it, and denies.
    private RecordedDecision? Decide(in AskedAction asked, IFeatureCollection features)
    {
        try
        {
            return _desk.DecideAtOnce(Shown(asked, features));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private bool TryAnswer(in ReadOnlySequence<byte> body, IFeatureCollection features)
    {
        if (body.Length is < FrameHeadSize or > BodySizeMax)
        {
            return false;
        }

        if (body.IsSingleSegment)
        {
            return TryAnswer(body.First, features);
        }

        var size = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            body.CopyTo(rented);
            return TryAnswer(rented.AsMemory(0, size), features);
        }
        finally
        {
            // It holds a token.
            rented.AsSpan(0, size).Clear();
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryAnswer(ReadOnlyMemory<byte> frame, IFeatureCollection features)
    {
        if (frame.Span[0] != 0
            || BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]) != (uint)(frame.Length - FrameHeadSize)

            // Only a connection that carries decisions has a memo; the others are refused by the pipeline.
            || features.Get<TokenMemo>() is not { } memo
            || !AuthorizeReader.TryRead(frame[FrameHeadSize..], memo, out var asked, out var requestId)
            || FeatureOf<IHttpResponseFeature>(features) is not { } response
            || FeatureOf<IHttpResponseBodyFeature>(features) is not { } responseBody
            || FeatureOf<IHttpResponseTrailersFeature>(features) is not { } trailers
            || !_calls.TryEnter(isStream: false))
        {
            return false;
        }

        try
        {
            if (Decide(TraceOf(features) is { Parent: not null } trace ? asked with { Trace = trace } : asked, features) is not { } recorded)
            {
                return false;
            }

            response.Headers.ContentType = ContentType;
            Write(recorded, requestId.Span, responseBody.Writer);
            trailers.Trailers.GrpcStatus = OkStatus;
            return true;
        }
        finally
        {
            _calls.Leave(isStream: false);
        }
    }
}
