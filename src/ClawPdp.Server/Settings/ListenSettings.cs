using System.Collections.Immutable;
using System.Net;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Settings;

/// <summary>Where the sidecar listens.</summary>
internal sealed record ListenSettings
{
    /// <summary>The names of the short form's listeners, which are those of its members.</summary>
    public const string GrpcName = "grpc";

    /// <inheritdoc cref="GrpcName"/>
    public const string HttpName = "http";

    /// <inheritdoc cref="GrpcName"/>
    public const string SocketName = "unix_socket";

    /// <inheritdoc cref="GrpcName"/>
    public const string AdminSocketName = "admin_socket";

    /// <summary>Gets the address of gRPC over cleartext HTTP/2; <see langword="null"/> when switched off.</summary>
    public required IPEndPoint? Grpc { get; init; }

    /// <summary>Gets the address of the HTTP/1.1 port with the JWKS; <see langword="null"/> when switched off.</summary>
    public required IPEndPoint? Http { get; init; }

    /// <summary>Gets the path of the Unix socket for gRPC, made with mode 0660; <see langword="null"/> when switched off.</summary>
    public required string? UnixSocketPath { get; init; }

    /// <summary>Gets the path of the Unix socket for every plane, for the sidecar's own user and root alone; <see langword="null"/> when switched off.</summary>
    public string? AdminSocketPath { get; init; }

    /// <summary>Gets whether <see cref="Grpc"/> and <see cref="Http"/> carry the admin plane, too: to whoever reaches them.</summary>
    public bool HasPlaintextLoopbackAdmin { get; init; }

    /// <summary>Gets the authorities (host with an optional port) by which callers may name the sidecar in proofs, beside its own addresses.</summary>
    public ImmutableArray<string> Authorities { get; init; } = [];

    /// <summary>Gets the listeners of the long form.</summary>
    public ImmutableArray<ListenerSettings> Further { get; init; } = [];

    /// <summary>Gets every listener, those of the short form first.</summary>
    public ImmutableArray<ListenerSettings> All => [.. Short(), .. Further];

    private IEnumerable<ListenerSettings> Short()
    {
        var admin = HasPlaintextLoopbackAdmin ? Plane.Admin : Plane.None;
        if (Grpc is not null)
        {
            yield return new ListenerSettings { Name = GrpcName, Planes = Plane.Decision | Plane.Issuance | admin, Address = Grpc };
        }

        if (Http is not null)
        {
            yield return new ListenerSettings { Name = HttpName, Planes = Plane.Decision | Plane.Issuance | Plane.Metrics | admin, Address = Http, IsHttp1 = true };
        }

        if (UnixSocketPath is not null)
        {
            yield return new ListenerSettings { Name = SocketName, Planes = Plane.Decision | Plane.Issuance, SocketPath = UnixSocketPath };
        }

        if (AdminSocketPath is not null)
        {
            yield return new ListenerSettings
            {
                Name = AdminSocketName,
                Planes = Plane.All,
                SocketPath = AdminSocketPath,
                Mode = ListenerSettings.AdminModeDefault,
                Peers = PeerRules.Own,
            };
        }
    }
}
