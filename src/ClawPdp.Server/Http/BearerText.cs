namespace ClawPdp.Server.Http;

/// <summary>Reads the credential out of a header <c>authorization</c> (RFC 6750 section 2.1).</summary>
internal static class BearerText
{
    private const string Scheme = "Bearer ";
    private const string ProofScheme = "DPoP ";

    /// <summary>Gives what stands after the scheme, in any case, without spaces around it.</summary>
    /// <param name="authorization">The header's one value.</param>
    /// <returns>The credential; <see langword="null"/> when the scheme is another one.</returns>
    public static string? Find(string authorization) =>
        After(authorization, Scheme);

    /// <summary>Gives a token, which one that is bound to a key may also have the scheme of RFC 9449 section 7.1 for.</summary>
    /// <param name="authorization">The header's one value.</param>
    /// <returns>The token; <see langword="null"/> when the scheme is another one.</returns>
    public static string? FindToken(string authorization) => After(authorization, Scheme) ?? After(authorization, ProofScheme);

    private static string? After(string authorization, string scheme) =>
        authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..].Trim() : null;
}
