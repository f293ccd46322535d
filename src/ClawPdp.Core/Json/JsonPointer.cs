namespace ClawPdp.Core.Json;

/// <summary>Builds JSON pointers (RFC 6901).</summary>
public static class JsonPointer
{
    /// <summary>Appends one reference token.</summary>
    public static string Append(string pointer, string step) => pointer + "/" + Escape(step);

    /// <summary>Escapes one reference token (RFC 6901 section 3).</summary>
    public static string Escape(string step) =>
        step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
