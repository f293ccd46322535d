using System.Buffers.Binary;
using System.IO.Pipelines;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Direct;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Tests.Direct;

/// <summary>A request as the web server hands it over, with a body that comes piece by piece.</summary>
internal sealed class DirectCall : IRequestBodyPipeFeature, IHttpResponseTrailersFeature, IDisposable
{
    // A body that nobody reads yet must not hold up who sends it.
    private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly MemoryStream _answer = new();

    public DirectCall()
    {
        Reader = new ExaminedReader(_body.Reader);
        Request.Headers.ContentType = "application/grpc";
        Features.Set<IHttpRequestFeature>(Request);
        Features.Set<IRequestBodyPipeFeature>(this);
        Features.Set<IHttpResponseFeature>(Response);
        Features.Set<IHttpResponseBodyFeature>(ResponseBody = new StreamResponseBodyFeature(_answer));
        Features.Set<IHttpResponseTrailersFeature>(this);
        Features.Set(new TokenMemo());
    }

    public FeatureCollection Features { get; } = new();

    public HttpRequestFeature Request { get; } = new() { Path = "/clawpdp.v1.DecisionService/Authorize", Method = "POST", Protocol = "HTTP/2" };

    public HttpResponseFeature Response { get; } = new();

    public StreamResponseBodyFeature ResponseBody { get; }

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    public PipeReader Reader { get; }

    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _body.Writer.WriteAsync(bytes);

    public Task EndAsync() => _body.Writer.CompleteAsync().AsTask();

    public Task FailAsync(Exception fault) => _body.Writer.CompleteAsync(fault).AsTask();

    /// <summary>Lets the endpoint try, as the pipeline's predecessor does.</summary>
    public async Task<bool> TryAsync(DirectAuthorize endpoint) => endpoint.IsFor(Features) && await endpoint.TryAnswerAsync(Features);

    /// <summary>Gives the answer's message; empty for none.</summary>
    public async Task<byte[]> AnswerAsync()
    {
        await ResponseBody.Writer.FlushAsync();
        var bytes = _answer.ToArray();
        return bytes.Length == 0 ? [] : bytes[5..(5 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)))];
    }

    /// <summary>Gives what is left of the body for whoever comes next.</summary>
    public async Task<byte[]> RestAsync()
    {
        await _body.Writer.CompleteAsync();
        using var rest = new MemoryStream();
        await Reader.CopyToAsync(rest);
        return rest.ToArray();
    }

    public void Dispose() => _answer.Dispose();
}
