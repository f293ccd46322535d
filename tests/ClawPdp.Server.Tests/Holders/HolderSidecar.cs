using ClawPdp.Client;
using ClawPdp.Crypto;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Holders;

/// <summary>A sidecar on loopback and on a Unix socket, and keys that its tokens can be bound to.</summary>
public sealed class HolderSidecar : RunningSidecar
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-holder-").FullName;
    private readonly Ed25519SigningKey _signing = Ed25519SigningKey.Generate();

    public HolderSidecar() => Key = HolderKey.FromEd25519(_signing);

    internal HolderKey Key { get; }

    internal string SocketPath => Path.Combine(_directory, "clawpdp.sock");

    /// <summary>Gives the address as clients name it.</summary>
    internal string AddressOf(bool isUnix) => isUnix ? "unix:" + SocketPath : new Uri(GrpcAddress).Authority;

    internal ClawPdpClient ClientOf(string token, HolderKey? key, bool isUnix) => new(ClawPdpClientOptions.WithToken(token) with
    {
        Address = AddressOf(isUnix),
        HolderKey = key,
        AuthorizeTimeout = TimeSpan.FromSeconds(20),
        DurableTimeout = TimeSpan.FromSeconds(20),
    });

    private protected override ServerSettings Adjust(ServerSettings settings) => settings with { Listen = settings.Listen with { UnixSocketPath = SocketPath } };
}
