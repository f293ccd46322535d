using System.Collections.Immutable;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary>Which sidecar a command asks, and what it shows there.</summary>
internal sealed record SidecarAddress
{
    /// <summary>How the address of a Unix socket begins.</summary>
    public const string UnixPrefix = "unix:";

    /// <summary>The variable with the address for admin commands.</summary>
    public const string ServerVariable = "CLAWPDP_ADMIN_ADDRESS";

    /// <summary>The variable with the path of a file that holds an admin token.</summary>
    public const string TokenVariable = "CLAWPDP_ADMIN_TOKEN_FILE";

    /// <summary>The variable with the path of the authority that the sidecar's certificate is of, PEM.</summary>
    public const string AuthorityVariable = "CLAWPDP_CA_FILE";

    /// <summary>The variable with the path of the command's own certificate, PEM.</summary>
    public const string CertificateVariable = "CLAWPDP_CERT_FILE";

    /// <summary>The variable with the path of its private key, PEM.</summary>
    public const string KeyVariable = "CLAWPDP_KEY_FILE";

    private const string ConfigDefault = "clawpdp.json";
    private const string SocketDefault = "/run/clawpdp/admin.sock";

    /// <summary>Gets the variables, which are no settings of the sidecar.</summary>
    public static ImmutableArray<string> Variables { get; } = [ServerVariable, TokenVariable, AuthorityVariable, CertificateVariable, KeyVariable];

    /// <summary>Gets the address: <c>http://…</c>, <c>https://…</c> or <c>unix:/PATH</c>.</summary>
    public required string Server { get; init; }

    /// <summary>Gets the path of a file with an admin token; <see langword="null"/> for none.</summary>
    public string? TokenPath { get; init; }

    /// <summary>Gets the path of the authority of the sidecar's certificate; <see langword="null"/> for those that the system trusts.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>Gets the path of the command's own certificate; <see langword="null"/> for none.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Gets the path of its private key; <see langword="null"/> for none.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Gives an address with what the environment says beside it.</summary>
    public static SidecarAddress Of(string server) => new()
    {
        Server = server,
        TokenPath = Variable(TokenVariable),
        AuthorityPath = Variable(AuthorityVariable),
        CertificatePath = Variable(CertificateVariable),
        KeyPath = Variable(KeyVariable),
    };

    /// <summary>Finds where admin commands go when nothing is stated: the environment, the admin socket of the configuration, the usual one, the usual port.</summary>
    public static string FindServer()
    {
        if (Variable(ServerVariable) is { } stated)
        {
            return stated;
        }

        string?[] sockets = [SocketOf(Variable(EnvironmentOverlay.ConfigPathVariable) ?? ConfigDefault), SocketDefault];
        var socket = sockets.FirstOrDefault(static path => path is not null && File.Exists(path));
        return socket is null ? "http://" + SettingsReader.GrpcDefault : UnixPrefix + socket;
    }

    // A configuration that is not whole, or not for the caller's eyes, says nothing.
    private static string? SocketOf(string config)
    {
        try
        {
            return File.Exists(config) && SettingsLoader.Load(config, Environment.GetEnvironmentVariables()).TryGet(out var settings)
                ? settings.Listen.AdminSocketPath
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
