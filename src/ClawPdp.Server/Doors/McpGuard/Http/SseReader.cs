using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>
/// Reads server-sent events (WHATWG HTML, section 9.2.6) within bounds. An event of another type than <c>message</c>, or whose id could not come back
/// in a header, is left out: the protocol has none. What the stream ends in the middle of is none either.
/// </summary>
internal sealed class SseReader
{
    /// <summary>The longest id that is taken.</summary>
    public const int IdMaxBytes = 1024;

    private const int LineMaxBytes = McpMessage.SizeMaxBytes + 16;
    private const int RetryDigitsMax = 9;

    private readonly PipeReader _reader;
    private bool _isFirstLine = true;
    private bool _isAfterReturn;

    // The fields of the event that is being read.
    private ArrayBufferWriter<byte>? _data;
    private string? _id;
    private int? _retry;
    private bool _isForeign;

    public SseReader(Stream stream) => _reader = PipeReader.Create(stream);

    /// <summary>Reads the next event; <see langword="null"/> at the end.</summary>
    /// <exception cref="IOException">The connection broke, or an event is longer than a message may be.</exception>
    public async Task<SseEvent?> ReadAsync(CancellationToken cancellation)
    {
        while (await ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                if (Take() is { } taken)
                {
                    return taken;
                }
            }
            else if (line[0] == (byte)':')
            {
                return SseEvent.Comment;
            }
            else
            {
                ReadField(line);
            }
        }

        return null;
    }

    private SseEvent? Take()
    {
        var (isForeign, id, retry, data) = (_isForeign, _id, _retry, _data?.WrittenMemory);
        (_isForeign, _id, _retry, _data) = (false, null, null, null);
        return isForeign || (id is null && retry is null && data is null) ? null : new SseEvent(id, retry, data ?? ReadOnlyMemory<byte>.Empty);
    }

    private void ReadField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        value = value is [(byte)' ', .. var rest] ? rest : value;
        if (name.SequenceEqual("data"u8))
        {
            AddData(value);
        }
        else if (name.SequenceEqual("id"u8))
        {
            var isPlain = value.Length is > 0 and <= IdMaxBytes && !value.ContainsAnyExceptInRange((byte)'!', (byte)'~');
            _id = isPlain ? Encoding.ASCII.GetString(value) : _id;
            _isForeign |= !isPlain && value.Length > 0;
        }
        else if (name.SequenceEqual("event"u8))
        {
            _isForeign |= value.Length > 0 && !value.SequenceEqual("message"u8);
        }
        else if (name.SequenceEqual("retry"u8) && value.Length is > 0 and <= RetryDigitsMax && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var wait))
        {
            _retry = wait;
        }
    }

    private void AddData(ReadOnlySpan<byte> value)
    {
        if (_data is null)
        {
            _data = new ArrayBufferWriter<byte>(Math.Max(value.Length, 1));
        }
        else
        {
            _data.Write("\n"u8);
        }

        if (_data.WrittenCount + value.Length > McpMessage.SizeMaxBytes)
        {
            throw TooLong();
        }

        _data.Write(value);
    }

    // A line ends with a carriage return, a line feed or both. At a return the line is done: what follows may be long in coming.
    private async Task<byte[]?> ReadLineAsync(CancellationToken cancellation)
    {
        for (; ; )
        {
            var read = await _reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            if (_isAfterReturn && !buffer.IsEmpty)
            {
                _isAfterReturn = false;
                buffer = buffer.FirstSpan[0] == (byte)'\n' ? buffer.Slice(1) : buffer;
            }

            if (TryFindEnd(buffer, out var end))
            {
                var line = buffer.Slice(0, end).ToArray();
                _isAfterReturn = buffer.Slice(end).FirstSpan[0] == (byte)'\r';
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return WithoutMark(line);
            }

            if (buffer.Length > LineMaxBytes)
            {
                throw TooLong();
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static bool TryFindEnd(ReadOnlySequence<byte> buffer, out SequencePosition end)
    {
        var reader = new SequenceReader<byte>(buffer);
        var isFound = reader.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false);
        end = reader.Position;
        return isFound;
    }

    private byte[] WithoutMark(byte[] line)
    {
        var isMarked = _isFirstLine && line is [0xEF, 0xBB, 0xBF, ..];
        _isFirstLine = false;
        return isMarked ? line[3..] : line;
    }

    private static IOException TooLong() => new($"an event is longer than {McpMessage.SizeMaxBytes} bytes");
}
