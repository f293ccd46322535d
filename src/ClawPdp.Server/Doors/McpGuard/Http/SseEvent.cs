namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>One event of a stream of server-sent events.</summary>
/// <param name="Id">Its place in the stream, for a client that comes back; <see langword="null"/> for none.</param>
/// <param name="Retry">How long a client shall wait before it comes back, in milliseconds; <see langword="null"/> where nothing is said.</param>
/// <param name="Data">What it says; <see langword="null"/> for a sign of life, empty for a place alone.</param>
internal sealed record SseEvent(string? Id, int? Retry, ReadOnlyMemory<byte>? Data)
{
    /// <summary>A line that says nothing, which keeps a connection open.</summary>
    public static readonly SseEvent Comment = new(null, null, null);
}
