using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>Writes server-sent events, always in one and the same form, so that every client reads in them what was looked at.</summary>
internal static class SseWriter
{
    /// <summary>Writes an event at once.</summary>
    /// <param name="writer">The response.</param>
    /// <param name="item">The event. INVARIANT: its data holds no carriage return, which would end a line.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task WriteAsync(PipeWriter writer, SseEvent item, CancellationToken cancellation)
    {
        Write(writer, item);
        await writer.FlushAsync(cancellation);
    }

    private static void Write(PipeWriter writer, SseEvent item)
    {
        if (item.Data is not { } data)
        {
            writer.Write(":\n\n"u8);
            return;
        }

        if (item.Id is { } id)
        {
            Write(writer, "id: "u8, Encoding.ASCII.GetBytes(id));
        }

        if (item.Retry is { } wait)
        {
            Write(writer, "retry: "u8, Encoding.ASCII.GetBytes(wait.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var line in data.Span.Split((byte)'\n'))
        {
            Write(writer, "data: "u8, data.Span[line]);
        }

        writer.Write("\n"u8);
    }

    private static void Write(PipeWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.Write(name);
        writer.Write(value);
        writer.Write("\n"u8);
    }
}
