using System.Net.Sockets;
using ClawPdp.Bench.Plans;
using Grpc.Core;

namespace ClawPdp.Bench.Transport;

/// <summary>Names what went wrong with a call. A name is one of few: it never holds text of the other side.</summary>
internal static class CallStatus
{
    /// <summary>What a call without any status ends with.</summary>
    public const string None = "NO_GRPC_STATUS";

    /// <summary>What a call that took longer than <see cref="BenchLimits.CallTimeout"/> ends with.</summary>
    public const string TimedOut = "NO_ANSWER_IN_TIME";

    /// <summary>Reads a status.</summary>
    /// <param name="text">The value of <c>grpc-status</c>.</param>
    /// <returns>The name of the status; <see langword="null"/> for OK.</returns>
    public static string? Read(string? text) =>
        text is null ? None
        : text is "0" ? null
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var code) && Enum.IsDefined((StatusCode)code) ? "GRPC " + (StatusCode)code
        : "GRPC unknown status";

    /// <summary>Tells whether an exception is one of the transport's.</summary>
    public static bool IsTransport(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException or SocketException or ObjectDisposedException;

    /// <summary>Names a fault of the transport.</summary>
    public static string NameOf(Exception exception) => exception switch
    {
        OperationCanceledException => TimedOut,
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => "HTTP " + request.HttpRequestError,
        HttpRequestException { InnerException: SocketException socket } => "SOCKET " + socket.SocketErrorCode,
        HttpIOException http => "HTTP " + http.HttpRequestError,
        SocketException socket => "SOCKET " + socket.SocketErrorCode,
        _ => "TRANSPORT " + exception.GetType().Name,
    };
}
