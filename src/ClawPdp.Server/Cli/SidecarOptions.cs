using System.CommandLine;

namespace ClawPdp.Server.Cli;

/// <summary>The options of a command that asks a running sidecar for what is on its admin plane.</summary>
internal sealed class SidecarOptions
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = $"the sidecar: unix:/PATH, http://… or https://…; ${SidecarAddress.ServerVariable}, or else its admin socket, when absent",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = File("--admin-token-file", $"a file with an admin token; ${SidecarAddress.TokenVariable} when absent");
    private readonly Option<string?> _authority = File("--ca", $"the authority of the sidecar's certificate, PEM; ${SidecarAddress.AuthorityVariable} when absent");
    private readonly Option<string?> _certificate = File("--cert", $"the certificate to show, PEM; ${SidecarAddress.CertificateVariable} when absent");
    private readonly Option<string?> _key = File("--key", $"its private key, PEM; ${SidecarAddress.KeyVariable} when absent");

    /// <summary>Gets every option.</summary>
    public IEnumerable<Option> All => [_server, _token, _authority, _certificate, _key];

    /// <summary>Reads them.</summary>
    public SidecarAddress Read(ParseResult parsed)
    {
        var known = SidecarAddress.Of(parsed.GetValue(_server) ?? SidecarAddress.FindServer());
        return known with
        {
            TokenPath = parsed.GetValue(_token) ?? known.TokenPath,
            AuthorityPath = parsed.GetValue(_authority) ?? known.AuthorityPath,
            CertificatePath = parsed.GetValue(_certificate) ?? known.CertificatePath,
            KeyPath = parsed.GetValue(_key) ?? known.KeyPath,
        };
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
