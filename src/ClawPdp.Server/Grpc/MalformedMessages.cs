using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Grpc;

/// <summary>
/// Gives a message that does not parse its proper status. The gRPC pipeline parses before any interceptor runs and answers
/// UNKNOWN; a call that ended so without reaching a handler was no question.
/// </summary>
internal static class MalformedMessages
{
    private const string StatusName = "grpc-status";
    private const string MessageName = "grpc-message";

    private static readonly object Read = new();
    private static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets the status of a malformed message.</summary>
    public static Status Status { get; } = new(StatusCode.InvalidArgument, "malformed message");

    /// <summary>Notes that a call's message was read and its handler reached.</summary>
    public static void MarkRead(HttpContext context) => context.Items[Read] = Read;

    /// <summary>Adds the step to the pipeline.</summary>
    public static void Use(IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        await next(context);
        if (context.Items.ContainsKey(Read))
        {
            return;
        }

        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        Amend(context.Response.HasStarted ? null : context.Response.Headers);
        Amend(trailers is { IsReadOnly: false } ? trailers : null);
    });

    private static void Amend(IHeaderDictionary? headers)
    {
        if (headers is not null && headers.TryGetValue(StatusName, out var status) && string.Equals(status, Unknown, StringComparison.Ordinal))
        {
            headers[StatusName] = ((int)Status.StatusCode).ToString(CultureInfo.InvariantCulture);
            headers[MessageName] = Status.Detail;
        }
    }
}
