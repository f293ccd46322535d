using System.Buffers;
using System.IO.Pipelines;

namespace ClawPdp.Server.Doors.McpGuard.Stdio;

/// <summary>Reads and writes messages that stand on a line each, as the protocol's standard streams have them.</summary>
internal static class MessageLines
{
    /// <summary>Reads a line; <see langword="null"/> at the end. Its buffer is the caller's own.</summary>
    /// <exception cref="IOException">A line is longer than a message may be.</exception>
    public static async Task<byte[]?> ReadAsync(PipeReader reader, CancellationToken cancellation)
    {
        for (; ; )
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line is [.. var start, (byte)'\r'] ? start : line;
            }

            // What has no end is no message: its other half may be lost.
            if (read.IsCompleted)
            {
                return null;
            }

            if (read.Buffer.Length > McpMessage.SizeMaxBytes)
            {
                throw new IOException($"a message is longer than {McpMessage.SizeMaxBytes} bytes");
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Writes a line at once.</summary>
    public static async Task WriteAsync(PipeWriter writer, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        writer.Write(message.Span);
        writer.Write("\n"u8);
        await writer.FlushAsync(cancellation);
    }
}
