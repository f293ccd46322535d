using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Callers;

/// <summary>A sidecar with a listener for each kind of caller.</summary>
public sealed class CallersSidecar : RunningSidecar
{
    public const string Agent = "spiffe://example.org/ns/prod/sa/agent";

    private const int MutualIndex = 7;

    internal TestAuthority Authority { get; } = new();

    internal TestAuthority Other { get; } = new("other");

    internal string Token { get; private set; } = "";

    internal string MutualAddress => Addresses[MutualIndex];

    internal string TokenAddress => Addresses[MutualIndex + 1];

    internal string ListedAddress => Addresses[MutualIndex + 2];

    internal string PlainTokenAddress => Addresses[MutualIndex + 3];

    internal static GrpcChannel Open(SidecarAddress address) => SidecarConnection.Open(address);

    internal string PathOf(string name) => Path.Combine(Installation.Directory, "callers", name);

    internal GrpcChannel OpenSocket(string name) => Open(SidecarAddress.Of("unix:" + PathOf(name)));

    internal GrpcChannel OpenAdmin() => Open(SidecarAddress.Of("unix:" + Settings.Listen.AdminSocketPath));

    /// <summary>Opens the listener that asks for a client's certificate.</summary>
    internal GrpcChannel OpenMutual(X509Certificate2? certificate, TestAuthority? authority = null) => Open(TlsAddress(MutualAddress, certificate, authority ?? Authority));

    /// <summary>Opens the listener that looks at the list of revoked certificates, too.</summary>
    internal GrpcChannel OpenListed(X509Certificate2 certificate) => Open(TlsAddress(ListedAddress, certificate, Authority));

    /// <summary>Writes the list of revoked certificates.</summary>
    internal void Revoke(params ReadOnlySpan<X509Certificate2> revoked) => Replace("revoked.crl", Authority.Revoke(DateTimeOffset.UtcNow.AddDays(1), revoked));

    internal SidecarAddress TlsAddress(string address, X509Certificate2? certificate, TestAuthority authority)
    {
        var name = Guid.CreateVersion7().ToString("N");
        File.WriteAllText(PathOf(name + ".ca"), authority.Pem);
        if (certificate is not null)
        {
            using var key = certificate.GetECDsaPrivateKey();
            File.WriteAllText(PathOf(name + ".crt"), certificate.ExportCertificatePem());
            File.WriteAllText(PathOf(name + ".key"), key?.ExportPkcs8PrivateKeyPem());
        }

        return SidecarAddress.Of(address) with
        {
            AuthorityPath = PathOf(name + ".ca"),
            CertificatePath = certificate is null ? null : PathOf(name + ".crt"),
            KeyPath = certificate is null ? null : PathOf(name + ".key"),
        };
    }

    /// <summary>Swaps the server's certificate as Kubernetes does: a folder of each time, and one link that leads to it.</summary>
    internal void WriteServer(TestAuthority authority, string version)
    {
        using var certificate = authority.Server();
        using var key = certificate.GetECDsaPrivateKey();
        var folder = Directory.CreateDirectory(PathOf("..data" + version)).FullName;
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key?.ExportPkcs8PrivateKeyPem());
        Link("..data", "..data" + version);
        Link("tls.crt", "..data/tls.crt");
        Link("tls.key", "..data/tls.key");
    }

    internal void Replace(string name, ReadOnlySpan<byte> content) => Files.DurableFile.Write(PathOf(name), content);

    /// <summary>Looks at the watched files now.</summary>
    internal async Task ReloadAsync()
    {
        foreach (var watched in Services.GetServices<IReloadable>())
        {
            await watched.ReloadAsync();
        }
    }

    internal string? FaultOf(string name) => Services.GetServices<IReloadable>().Single(watched => watched.Name.Contains(name, StringComparison.Ordinal)).Fault;

    /// <summary>Gives the records of a kind, the latest last, as their text.</summary>
    internal IReadOnlyList<string> Records(RecordKind kind)
    {
        var ledger = Services.GetRequiredService<LedgerStore>();
        return [.. ledger.ReadRecords(1, int.MaxValue).Where(record => record.Kind == kind).Select(static record => Encoding.UTF8.GetString(record.Content.Span))];
    }

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        foreach (var directory in new[] { Installation.Directory, Directory.CreateDirectory(PathOf("")).FullName })
        {
            File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        WriteServer(Authority, "1");
        Replace("authorities.pem", Encoding.UTF8.GetBytes(Authority.Pem));
        Replace("listed.pem", Encoding.UTF8.GetBytes(Authority.Pem));
        Revoke();
        Token = AdminTokenCommand.Make(PathOf("tokens.json"), "ci", expiresAt: null);
        var tls = new TlsSettings { CertificatePath = PathOf("tls.crt"), KeyPath = PathOf("tls.key") };
        var mutual = tls with { ClientAuthorityPath = PathOf("authorities.pem"), SpiffeIds = [SpiffePattern.Parse("spiffe://example.org/ns/prod/*") ?? throw new InvalidOperationException()] };
        var loopback = settings.Listen.Grpc;
        return settings with
        {
            Listen = settings.Listen with
            {
                Further =
                [
                    new ListenerSettings { Name = "deciding", Planes = Plane.Decision, SocketPath = PathOf("deciding.sock") },
                    new ListenerSettings { Name = "issuing", Planes = Plane.Issuance, SocketPath = PathOf("issuing.sock") },
                    new ListenerSettings
                    {
                        Name = "own",
                        Planes = Plane.Decision,
                        SocketPath = PathOf("own.sock"),
                        Peers = PeerRules.Own,
                        Mode = ListenerSettings.ModeDefault | UnixFileMode.OtherRead | UnixFileMode.OtherWrite,
                    },
                    new ListenerSettings { Name = "mutual", Planes = Plane.All, Address = loopback, Tls = mutual },
                    new ListenerSettings { Name = "tokens", Planes = Plane.All, Address = loopback, Tls = tls, AdminTokensPath = PathOf("tokens.json") },
                    new ListenerSettings { Name = "listed", Planes = Plane.Decision, Address = loopback, Tls = mutual with { ClientAuthorityPath = PathOf("listed.pem"), RevocationPaths = [PathOf("revoked.crl")] } },
                    new ListenerSettings { Name = "plain", Planes = Plane.All, Address = loopback, IsHttp1 = true, AdminTokensPath = PathOf("tokens.json") },
                ],
            },
        };
    }

    // .NET moves no link that leads to a folder.
    private void Link(string name, string target)
    {
        File.CreateSymbolicLink(PathOf(name + ".new"), target);
        using var move = Process.Start("/bin/mv", ["-T", PathOf(name + ".new"), PathOf(name)]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
    }
}
