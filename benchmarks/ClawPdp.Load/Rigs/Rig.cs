using ClawPdp.Server.Demo;
using Grpc.Net.Client;

namespace ClawPdp.Load.Rigs;

/// <summary>An installation on disk with an identity provider of this process, and the published binary that serves it.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly DemoIdentityProvider _provider;
    private readonly DemoInstallation _installation;
    private readonly string _binary;
    private readonly bool _isTemporary;

    private Rig(DemoIdentityProvider provider, DemoInstallation installation, string binary, bool isTemporary)
    {
        _provider = provider;
        _installation = installation;
        _binary = binary;
        _isTemporary = isTemporary;
    }

    public string Data => _installation.DataDirectory;

    public string Issuer => _provider.Issuer;

    public static string GrpcAddress => "http://127.0.0.1:17080";

    /// <summary>Makes the installation.</summary>
    /// <param name="binary">The published binary.</param>
    /// <param name="directory">A folder of its own, whose ledger is kept when there is one; <see langword="null"/> for a temporary one.</param>
    public static async Task<Rig> CreateAsync(string binary, string? directory)
    {
        if (!File.Exists(binary))
        {
            throw new FileNotFoundException($"there is no binary `{binary}`; publish one first");
        }

        var provider = await DemoIdentityProvider.StartAsync(TimeProvider.System);
        var folder = directory is null ? Directory.CreateTempSubdirectory("clawpdp-load-").FullName : Directory.CreateDirectory(directory).FullName;
        var installation = DemoInstallation.Create(folder, provider.Issuer, "127.0.0.1:17080", "127.0.0.1:17081", TimeProvider.System);
        return new Rig(provider, installation, binary, directory is null);
    }

    /// <summary>Starts the binary and waits for its first answer.</summary>
    public Task<SidecarProcess> StartAsync() => SidecarProcess.StartAsync(_binary, _installation.ConfigPath, GrpcAddress);

    /// <summary>Opens connections to the sidecar, one for each caller up to eight.</summary>
    public static GrpcChannel[] Connect(int callers) => [.. Enumerable.Range(0, Math.Min(callers, 8)).Select(static _ => GrpcChannel.ForAddress(GrpcAddress))];

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        if (_isTemporary)
        {
            Directory.Delete(_installation.Directory, recursive: true);
        }
    }
}
