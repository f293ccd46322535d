using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Transport;

/// <summary>Frames of stream questions that are to go out together.</summary>
internal sealed class FrameBuffer
{
    private const int LengthFirst = 4_096;
    private const int HeadLengthMax = GrpcFrame.HeadLength + 6;
    private const byte RequestTag = (1 << 3) | 2;

    private byte[] _bytes = new byte[LengthFirst];
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Gets the length of the last frame, in bytes.</summary>
    public int LastLength { get; private set; }

    /// <summary>Begins a frame with an <c>AuthorizeStreamRequest</c>.</summary>
    /// <param name="questionLength">The length of the question in it.</param>
    /// <returns>Where the question is to be written.</returns>
    public Span<byte> Begin(int questionLength)
    {
        if (_bytes.Length - _length < questionLength + HeadLengthMax)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + questionLength + HeadLengthMax));
        }

        var frame = _bytes.AsSpan(_length);
        frame[GrpcFrame.HeadLength] = RequestTag;
        var head = 1 + ProtoBuilder.WriteVarint(frame[(GrpcFrame.HeadLength + 1)..], (uint)questionLength);
        GrpcFrame.WriteHead(frame, head + questionLength);
        LastLength = GrpcFrame.HeadLength + head + questionLength;
        _length += LastLength;
        return frame[(GrpcFrame.HeadLength + head)..LastLength];
    }

    public void Clear() => _length = 0;
}
