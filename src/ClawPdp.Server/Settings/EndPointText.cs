using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ClawPdp.Server.Settings;

/// <summary>Reads listening addresses: an IP literal with a port, such as <c>127.0.0.1:7080</c> or <c>[::1]:7080</c>.</summary>
internal static class EndPointText
{
    /// <summary>Reads an address; names are refused, since what they resolve to can change.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint) =>
        IPEndPoint.TryParse(text, out endPoint) && text.LastIndexOf(':') > text.LastIndexOf(']') && text.Contains(':', StringComparison.Ordinal)
        && string.Equals(endPoint.ToString(), text, StringComparison.Ordinal);
}
