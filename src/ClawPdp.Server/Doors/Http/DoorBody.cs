using System.Buffers;
using System.IO.Pipelines;
using ClawPdp.Server.Connections;
using ClawPdp.Server.Overload;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Doors.Http;

/// <summary>Reads the bodies of the HTTP port, within a bound.</summary>
internal static class DoorBody
{
    /// <summary>Reads a body whole.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The most that is taken.</param>
    /// <returns>The body; <see langword="null"/> for one that is longer.</returns>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: there is no room for it among all that is on its way, or it did not come in time.</exception>
    public static async Task<byte[]?> ReadAsync(HttpContext context, int bytesMax)
    {
        if (context.Request.ContentLength > bytesMax)
        {
            return null;
        }

        using var counted = Counted(context);
        var reader = (PipeReader?)counted ?? context.Request.BodyReader;
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

    // Who asks is not known before it is read. The guards that are programs of their own serve one agent, and have no budget.
    private static BudgetedBody? Counted(HttpContext context) =>
        context.RequestServices.GetService<BodyBudget>() is { } budget && context.Features.Get<IRequestBodyPipeFeature>() is { } body
            ? new BudgetedBody(body.Reader, budget, ConnectionPeers.PeerOf(context).Name, BodyKind.One, context.RequestServices.GetRequiredService<TimeProvider>())
            : null;

    /// <summary>Tells whether the body says that it is of a media type, whatever its parameters.</summary>
    public static bool IsOf(HttpContext context, string mediaType)
    {
        var given = context.Request.ContentType.AsSpan();
        var end = given.IndexOf(';');
        return (end < 0 ? given : given[..end]).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
    }
}
