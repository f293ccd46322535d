namespace ClawPdp.Server.Http;

/// <summary>Reads the credential out of a header <c>authorization</c> (RFC 6750 section 2.1).</summary>
internal static class BearerText
{
    private const string Scheme = "Bearer ";

    /// <summary>Gives what stands after the scheme, in any case, without spaces around it.</summary>
    /// <param name="authorization">The header's one value.</param>
    /// <returns>The credential; <see langword="null"/> when the scheme is another one.</returns>
    public static string? Find(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;
}
