using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Callers;

/// <summary>
/// Who is at the other end of a connection, and what it may call; a feature of the connection, made once and before any request is read. A
/// request whose connection has none is refused.
/// </summary>
internal sealed class Caller
{
    private int _toldRefusal;

    /// <summary>Gets the listener that took the connection.</summary>
    public required ListenerSettings Listener { get; init; }

    /// <summary>Gets the accepted peer of a Unix socket; <see langword="null"/> on TCP, or when the kernel would not tell.</summary>
    public PeerCredentials? Peer { get; init; }

    /// <summary>Gets the SPIFFE id of the client's certificate; <see langword="null"/> where none was asked for.</summary>
    public string? SpiffeId { get; init; }

    /// <summary>Gets the address of a TCP peer; <see langword="null"/> for a Unix socket.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the admin tokens that the listener asks for; <see langword="null"/> when it asks for none.</summary>
    public AdminTokenStore? AdminTokens { get; init; }

    /// <summary>Gets the caller of a request; <see langword="null"/> when its connection was not taken by a listener of ours.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Tells whether the connection carries a plane.</summary>
    public bool Carries(Plane plane) => plane is not Plane.None && (Listener.Planes & plane) == plane;

    /// <summary>Tells, once for each connection, that its refusals are worth a line.</summary>
    public bool TakeFirstRefusal() => Interlocked.Exchange(ref _toldRefusal, 1) == 0;

    /// <summary>Gives the name under which the caller's calls are counted together.</summary>
    public CallPeer? Share() => SpiffeId is { } id ? new CallPeer(id) : null;
}
