namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>The <c>X-Request-ID</c> of a request, which its answer carries as it came.</summary>
internal static class CallerRequestId
{
    private const string Name = "X-Request-ID";
    private const int LengthMax = 256;

    /// <summary>Puts the id on the answer: at most 256 printable ASCII characters, once; any other is left out.</summary>
    /// <returns>The id; empty for none.</returns>
    public static string Echo(HttpContext context)
    {
        var given = context.Request.Headers[Name];
        var id = given.Count == 1 ? given.ToString() : "";
        if (id.Length is 0 or > LengthMax || id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return "";
        }

        context.Response.Headers[Name] = id;
        return id;
    }
}
