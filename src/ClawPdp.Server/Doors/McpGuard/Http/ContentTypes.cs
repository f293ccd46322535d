using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>The two media types of the protocol, in UTF-8 and in no other spelling.</summary>
internal static class ContentTypes
{
    /// <summary>A message.</summary>
    public const string Json = "application/json";

    /// <summary>Server-sent events.</summary>
    public const string EventStream = "text/event-stream";

    /// <summary>Tells whether a header is of a media type. A parameter that could make somebody read other text out of the bytes spoils it.</summary>
    /// <param name="header">The header; <see langword="null"/> for none.</param>
    /// <param name="mediaType">The media type.</param>
    public static bool Is(string? header, string mediaType) =>
        MediaTypeHeaderValue.TryParse(header, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && type.Parameters.All(static parameter =>
            parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase) && parameter.GetUnescapedValue().Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Tells whether a client takes a media type, by its name or by a range that holds all of its kind.</summary>
    public static bool Accepts(StringValues accept, string mediaType) =>
        MediaTypeHeaderValue.TryParseList(accept, out var types) && MediaTypeHeaderValue.TryParse(mediaType, out var wanted) && types.Any(type => type.Quality is not 0 && wanted.IsSubsetOf(type));
}
