namespace ClawPdp.Server.Overload;

/// <summary>Who is at the other end of a connection, as far as the kernel tells; a feature of the connection.</summary>
/// <param name="Name">A process, an address, or, where nothing is known of either, the connection itself.</param>
internal sealed record CallPeer(string Name);
