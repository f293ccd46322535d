using System.Collections.Immutable;
using System.Text;
using ClawPdp.Protocols.Envoy;
using ClawPdp.Server.Doors.Http;
using GoogleStatus = ClawPdp.Protocols.GoogleRpc.Status;

namespace ClawPdp.Server.Doors.Envoy;

/// <summary>
/// Makes the answers for Envoy, and is the one place that does: an empty <see cref="CheckResponse"/> is an allow, so that every one starts here as
/// a denial. None carries an <c>error_response</c>, which would hand the decision to the proxy's <c>failure_mode_allow</c>.
/// </summary>
internal static class EnvoyAnswers
{
    // google.rpc.Code.
    private const int Ok = 0;
    private const int PermissionDenied = 7;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    /// <summary>Makes the answer of a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="removals">The headers that the upstream shall not see of an allowed request.</param>
    public static CheckResponse Write(HttpReply reply, ImmutableArray<string> removals)
    {
        var response = Denied();
        if (!reply.IsAllowed)
        {
            response.Status.Code = CodeOf(reply.Status);
            response.DeniedResponse.Status.Code = (StatusCode)reply.Status;
            response.DeniedResponse.Headers.AddRange(reply.Headers.Select(static header => Option(header.Key, header.Value)));
            response.DeniedResponse.Headers.Add(Option("content-type", "application/json"));
            response.DeniedResponse.Body = Encoding.UTF8.GetString(reply.Body.Span);
            return response;
        }

        var allowed = new OkHttpResponse();
        allowed.Headers.AddRange(reply.Headers.Select(static header => Option(header.Key, header.Value)));
        allowed.HeadersToRemove.AddRange(removals);
        response.OkResponse = allowed;
        response.Status = new GoogleStatus { Code = Ok };
        return response;
    }

    /// <summary>Makes the answer where there is none: a plain denial.</summary>
    public static CheckResponse Denied() => new()
    {
        Status = new GoogleStatus { Code = PermissionDenied },
        DeniedResponse = new DeniedHttpResponse { Status = new HttpStatus { Code = StatusCode.Forbidden } },
    };

    private static int CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        _ => PermissionDenied,
    };

    // The zero value of the action would leave a header that the caller sent beside ours.
    private static HeaderValueOption Option(string name, string value) => new()
    {
        Header = new HeaderValue { Key = name, Value = value },
        AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
    };
}
