using System.Net;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Settings;

/// <summary>One listener: where, for what, and for whom. It has either an address or a socket.</summary>
internal sealed record ListenerSettings
{
    /// <summary>The mode of a Unix socket that does not say its own: owner and group, as for a service that one agent host shares.</summary>
    public const UnixFileMode ModeDefault = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The mode of a Unix socket for admin that does not say its own: its owner alone.</summary>
    public const UnixFileMode AdminModeDefault = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Gets the name in log lines, health and records.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it carries; never nothing.</summary>
    public required Plane Planes { get; init; }

    /// <summary>Gets the TCP address.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>Gets the full path of the Unix socket.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Gets whether it speaks HTTP/1.1 and not HTTP/2.</summary>
    public bool IsHttp1 { get; init; }

    /// <summary>Gets the mode of the Unix socket.</summary>
    public UnixFileMode Mode { get; init; } = ModeDefault;

    /// <summary>Gets which local users may connect to the Unix socket; <see langword="null"/> for whoever its mode lets in.</summary>
    public PeerRules? Peers { get; init; }

    /// <summary>Gets the certificates; <see langword="null"/> for cleartext.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Gets the full path of the admin tokens, of which each admin call needs one; <see langword="null"/> when it needs none.</summary>
    public string? AdminTokensPath { get; init; }
}
