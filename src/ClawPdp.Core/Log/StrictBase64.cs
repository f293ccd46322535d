using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Core.Log;

/// <summary>Base64 with padding (RFC 4648 section 4), canonical only: a value has one spelling.</summary>
internal static class StrictBase64
{
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        bytes = Convert.TryFromBase64String(text, buffer, out var count) ? buffer[..count] : null;
        // White space and unused bits that are set do not survive being written again.
        if (bytes is not null && !string.Equals(Convert.ToBase64String(bytes), text, StringComparison.Ordinal))
        {
            bytes = null;
        }

        return bytes is not null;
    }
}
