using System.Buffers;

namespace ClawPdp.Server.Doors.Http;

/// <summary>Reads the bodies of the HTTP port, within a bound.</summary>
internal static class DoorBody
{
    /// <summary>Reads a body whole.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The most that is taken.</param>
    /// <returns>The body; <see langword="null"/> for one that is longer.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContext context, int bytesMax)
    {
        if (context.Request.ContentLength > bytesMax)
        {
            return null;
        }

        var reader = context.Request.BodyReader;
        for (; ; )
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > bytesMax)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Tells whether the body says that it is of a media type, whatever its parameters.</summary>
    public static bool IsOf(HttpContext context, string mediaType)
    {
        var given = context.Request.ContentType.AsSpan();
        var end = given.IndexOf(';');
        return (end < 0 ? given : given[..end]).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
    }
}
