using System.Net;

namespace ClawPdp.Bench.Transport;

/// <summary>A request's bytes, used again for every call of a slot.</summary>
internal sealed class FrameContent : HttpContent
{
    private readonly byte[] _bytes;

    public FrameContent(int lengthMax)
    {
        _bytes = new byte[lengthMax];
        Headers.TryAddWithoutValidation("content-type", "application/grpc");
    }

    public Span<byte> Bytes => _bytes;

    public int Length { get; set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_bytes, 0, Length);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => stream.WriteAsync(_bytes, 0, Length, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = Length;
        return false;
    }
}
