using System.Net;

namespace ClawPdp.Bench.Transport;

/// <summary>The HTTP part of gRPC calls.</summary>
internal static class CallHeaders
{
    private const string StatusName = "grpc-status";

    /// <summary>Makes a request, which may be sent again and again.</summary>
    public static HttpRequestMessage Request(Uri method, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    /// <summary>Gives the call's status; <see langword="null"/> for OK.</summary>
    public static string? StatusOf(HttpResponseMessage response)
    {
        var headers = response.TrailingHeaders.NonValidated;
        if (headers.TryGetValues(StatusName, out var values) || response.Headers.NonValidated.TryGetValues(StatusName, out values))
        {
            return CallStatus.Read(values.ToString());
        }

        return CallStatus.None;
    }
}
