using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace ClawPdp.EndToEnd.Tests.Connections;

/// <summary>An authority as operators have one: openssl's, with a database of what it signed and revoked.</summary>
internal sealed partial class OpenSslAuthority : IDisposable
{
    private const string OpenSsl = "/usr/bin/openssl";

    private OpenSslAuthority(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Makes one, with a certificate for a sidecar on loopback and an empty list of revoked ones.</summary>
    public static async Task<OpenSslAuthority> CreateAsync()
    {
        Assert.SkipUnless(File.Exists(OpenSsl), "there is no openssl");
        var authority = new OpenSslAuthority(Directory.CreateTempSubdirectory("clawpdp-ca-").FullName);
        await File.WriteAllTextAsync(authority.PathOf("index.txt"), "");
        await File.WriteAllTextAsync(authority.PathOf("serial"), "00B7\n");
        await File.WriteAllTextAsync(authority.PathOf("ca.cnf"), $"""
            [ca]
            default_ca = own
            [own]
            dir = {authority.Folder}
            database = $dir/index.txt
            serial = $dir/serial
            new_certs_dir = $dir
            certificate = $dir/ca.crt
            private_key = $dir/ca.key
            default_md = sha256
            default_days = 2
            policy = any
            [any]
            commonName = supplied
            [server]
            subjectAltName = IP:127.0.0.1
            extendedKeyUsage = serverAuth
            [client]
            basicConstraints = critical,CA:FALSE
            keyUsage = critical,digitalSignature
            extendedKeyUsage = clientAuth
            subjectAltName = URI:spiffe://example.org/ns/prod/sa/agent
            """);
        await authority.RunAsync("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=Agents of example.org");
        await authority.SignAsync("tls", "server");
        await authority.ListAsync(hours: 24);
        return authority;
    }

    /// <summary>Gives its certificate.</summary>
    public X509Certificate2 Certificate() => X509CertificateLoader.LoadCertificateFromFile(PathOf("ca.crt"));

    /// <summary>Gives the number of the port with TLS that a sidecar listens on.</summary>
    public static int PortOf(LiveSidecar sidecar) => int.Parse(PortPattern().Match(sidecar.Process.Output).Groups["port"].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>Writes the listener of which this is the authority.</summary>
    public string Listener() => $$"""
        { "name": "mesh", "address": "127.0.0.1:0", "planes": ["decision"],
          "tls": { "certificate_file": "{{PathOf("tls.crt")}}", "key_file": "{{PathOf("tls.key")}}", "client_ca_file": "{{PathOf("ca.crt")}}",
                   "client_crl_files": ["{{PathOf("ca.crl")}}"], "spiffe_ids": ["spiffe://example.org/ns/prod/*"] } }
        """;

    /// <summary>Signs a certificate of an agent.</summary>
    public async Task<X509Certificate2> ClientAsync(string name)
    {
        await SignAsync(name, "client");
        return X509Certificate2.CreateFromPemFile(PathOf(name + ".crt"), PathOf(name + ".key"));
    }

    /// <summary>Revokes a certificate, and publishes the list with it.</summary>
    public async Task RevokeAsync(string name)
    {
        await RunAsync("ca", "-config", "ca.cnf", "-revoke", name + ".crt", "-crl_reason", "keyCompromise");
        await ListAsync(hours: 24);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string PathOf(string name) => Path.Combine(Folder, name);

    private async Task SignAsync(string name, string kind)
    {
        await RunAsync("req", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name);
        await RunAsync("ca", "-batch", "-notext", "-config", "ca.cnf", "-extensions", kind, "-in", name + ".csr", "-out", name + ".crt");
    }

    // Whoever reads it sees the old one or the new one.
    private async Task ListAsync(int hours)
    {
        await RunAsync("ca", "-config", "ca.cnf", "-gencrl", "-crlhours", hours.ToString(CultureInfo.InvariantCulture), "-out", "ca.crl.new");
        File.Move(PathOf("ca.crl.new"), PathOf("ca.crl"), overwrite: true);
    }

    private async Task RunAsync(params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync("/usr/bin/env", ["-C", Folder, OpenSsl, .. arguments]);
        Assert.True(code == 0, $"openssl {string.Join(' ', arguments)}: {output}");
    }

    [GeneratedRegex("https://127\\.0\\.0\\.1:(?<port>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PortPattern();
}
