using System.Globalization;
using ClawPdp.Server.Telemetry;
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
    public static void Use(IApplicationBuilder app)
    {
        var refusals = app.ApplicationServices.GetRequiredService<RefusalMeter>();
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Items.ContainsKey(Read))
            {
                return;
            }

            var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
            Amend(context.Response.HasStarted ? null : context.Response.Headers);
            Amend(trailers is { IsReadOnly: false } ? trailers : null);
            Count(context, StatusOf(context.Response.Headers) ?? StatusOf(trailers), refusals);
        });
    }

    // No handler counts what never reached one.
    private static void Count(HttpContext context, StatusCode? status, RefusalMeter refusals)
    {
        if (status is null or StatusCode.OK)
        {
            return;
        }

        if (RefusalNotes.CodeOf(context) is { } code)
        {
            refusals.Count(code);
        }
        else
        {
            // There is room for a call before it is read: what is too much then is the message.
            refusals.Count(status is StatusCode.ResourceExhausted ? StatusCode.InvalidArgument : status.Value);
        }

        RefusalNotes.MarkCounted(context);
    }

    private static StatusCode? StatusOf(IHeaderDictionary? headers) =>
        headers is not null && int.TryParse(headers[StatusName], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? (StatusCode)status : null;

    private static void Amend(IHeaderDictionary? headers)
    {
        if (headers is not null && headers.TryGetValue(StatusName, out var status) && string.Equals(status, Unknown, StringComparison.Ordinal))
        {
            headers[StatusName] = ((int)Status.StatusCode).ToString(CultureInfo.InvariantCulture);
            headers[MessageName] = Status.Detail;
        }
    }
}
