using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>Sends a request byte for byte, so that a test can spell it as no client library would.</summary>
internal static class RawHttp
{
    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="request">The request; <c>HOST</c> stands for the address's host and port.</param>
    /// <returns>The status and all that came.</returns>
    public static async Task<(int Status, string Text)> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Replace("HOST", address.Authority, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        using var kept = new MemoryStream();
        try
        {
            await stream.CopyToAsync(kept, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // What is refused before it is read may end with a reset.
        }

        var text = Encoding.UTF8.GetString(kept.ToArray());
        var isAnswer = text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal);
        return (isAnswer ? int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0, text);
    }
}
