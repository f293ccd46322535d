namespace ClawPdp.Engine.Holders;

/// <summary>Compares the address in a proof with that of the request (RFC 9449 section 4.3, step 9): query and fragment do not count.</summary>
internal static class ProofTarget
{
    private const UriComponents Counted = UriComponents.Scheme | UriComponents.StrongAuthority | UriComponents.Path;

    /// <summary>Tells whether both are the same, spelled in whichever way.</summary>
    public static bool Matches(string stated, string actual) =>
        Read(stated) is { } one && Read(actual) is { } other
        && string.Equals(one.GetComponents(Counted, UriFormat.UriEscaped), other.GetComponents(Counted, UriFormat.UriEscaped), StringComparison.Ordinal);

    private static Uri? Read(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : null;
}
