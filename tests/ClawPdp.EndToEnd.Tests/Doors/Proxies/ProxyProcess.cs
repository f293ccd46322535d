using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Doors.Proxies;

/// <summary>A proxy from Debian, with the configuration of <c>docs/doors/forward-auth.md</c> and the addresses of the test.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _folder;

    private ProxyProcess(ChildProcess process, string folder, string address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    /// <summary>Gets the host and port on which the proxy listens.</summary>
    public string Address { get; }

    /// <summary>Starts a proxy and waits until it takes connections.</summary>
    /// <param name="name">Its name: <c>nginx</c>, <c>caddy</c> or <c>haproxy</c>.</param>
    /// <param name="sidecar">The host and port of the sidecar's HTTP.</param>
    /// <param name="upstream">The host and port of the upstream.</param>
    /// <param name="tool">The tool that the operator states.</param>
    public static async Task<ProxyProcess> StartAsync(string name, string sidecar, string upstream, string tool)
    {
        var program = Conformance.ClientProgram.Tool("SUITE_" + name.ToUpperInvariant());
        var folder = Directory.CreateTempSubdirectory("clawpdp-proxy-").FullName;
        var address = FreeAddress();
        string Adapt(string block) => DocumentedBlock.Read(block)
            .Replace("127.0.0.1:8080", address, StringComparison.Ordinal)
            .Replace("127.0.0.1:7081", sidecar, StringComparison.Ordinal)
            .Replace("127.0.0.1:9000", upstream, StringComparison.Ordinal)
            .Replace("X-Claw-Tool github", "X-Claw-Tool " + tool, StringComparison.Ordinal)
            .Replace("[\"x-claw-tool\"] = { \"github\" }", "[\"x-claw-tool\"] = { \"" + tool + "\" }", StringComparison.Ordinal);
        var config = Path.Combine(folder, "proxy.conf");
        string[] arguments;
        switch (name)
        {
            case "nginx":
                await File.WriteAllTextAsync(config, NginxOf(folder, Adapt("docs/doors/forward-auth.md nginx 1")));
                arguments = ["-e", "stderr", "-p", folder, "-c", config];
                break;
            case "caddy":
                await File.WriteAllTextAsync(config, Adapt("docs/doors/forward-auth.md caddy 1"));
                arguments = ["run", "--config", config, "--adapter", "caddyfile"];
                break;
            default:
                await File.WriteAllTextAsync(Path.Combine(folder, "claw.lua"), Adapt("docs/doors/forward-auth.md lua 1"));
                await File.WriteAllTextAsync(config, Adapt("docs/doors/forward-auth.md haproxy 1").Replace("claw.lua", Path.Combine(folder, "claw.lua"), StringComparison.Ordinal));
                arguments = ["-db", "-f", config];
                break;
        }

        var process = ChildProcess.Launch(program, arguments, "\0", [KeyValuePair.Create("HOME", folder), KeyValuePair.Create("XDG_DATA_HOME", folder), KeyValuePair.Create("XDG_CONFIG_HOME", folder)]);
        var proxy = new ProxyProcess(process, folder, address);
        try
        {
            await LiveSidecar.UntilAsync(proxy.TakesConnectionsAsync, $"{name} takes connections");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // One process, which the test can end by its own id.
    private static string NginxOf(string folder, string server) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        events {}
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            {{server}}
        }
        """;

    private static string FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
    }

    private async Task<bool> TakesConnectionsAsync()
    {
        Assert.False(_process.HasEnded, _process.Output);
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPEndPoint.Parse(Address));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
