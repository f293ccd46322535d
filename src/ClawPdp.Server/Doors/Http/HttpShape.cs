namespace ClawPdp.Server.Doors.Http;

/// <summary>A request as a proxy tells of it.</summary>
internal sealed record HttpShape
{
    /// <summary>Gets the headers, their names in lower case; a name may stand more than once.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>Gets how it is to be read.</summary>
    public required HttpRules Rules { get; init; }

    /// <summary>Gets where the proxy will send the request: a host with an optional port; empty where it does not say.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Gets the method; empty where the proxy does not say.</summary>
    public string Method { get; init; } = "";

    /// <summary>Gets the target; empty where the proxy does not say. Only its path is used.</summary>
    public string Target { get; init; } = "";

    /// <summary>Gets the scheme by which the caller asked; empty where the proxy does not say.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>Gets the address of the caller's request: what a proof of its key is made for.</summary>
    public string Address => $"{(Scheme.Length > 0 ? Scheme : "https")}://{(Destination.Length > 0 ? Destination : ValuesOf("host").FirstOrDefault() ?? "")}{Target}";

    /// <summary>Gives the values of a header.</summary>
    public IEnumerable<string> ValuesOf(string name) =>
        Headers.Where(header => string.Equals(header.Key, name, StringComparison.Ordinal)).Select(static header => header.Value);
}
