using System.Net;

namespace ClawPdp.Server.Settings;

/// <summary>Where the sidecar listens.</summary>
internal sealed record ListenSettings
{
    /// <summary>Gets the address of gRPC over cleartext HTTP/2; <see langword="null"/> when switched off.</summary>
    public required IPEndPoint? Grpc { get; init; }

    /// <summary>Gets the address of the HTTP/1.1 port with the JWKS; <see langword="null"/> when switched off.</summary>
    public required IPEndPoint? Http { get; init; }

    /// <summary>Gets the path of the Unix socket for gRPC, made with mode 0660; <see langword="null"/> when switched off.</summary>
    public required string? UnixSocketPath { get; init; }
}
