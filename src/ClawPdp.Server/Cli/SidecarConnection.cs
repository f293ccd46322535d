using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClawPdp.Client;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary>Connects to a sidecar as an address says.</summary>
internal static class SidecarConnection
{
    /// <summary>Makes the channel. It connects when it is first used.</summary>
    /// <exception cref="InputException">The address is none, or what it names cannot be read.</exception>
    public static GrpcChannel Open(SidecarAddress address)
    {
        var (uri, socket) = Read(address.Server);
        var sockets = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (socket is not null)
        {
            sockets.ConnectCallback = (_, cancellation) => ConnectAsync(socket, cancellation);
        }

        if (uri.Scheme is "https")
        {
            sockets.SslOptions = TlsOf(address);
        }

        HttpMessageHandler handler = sockets;
        if (address.TokenPath is { } path)
        {
            if (socket is null && uri.Scheme is not "https" && !uri.IsLoopback)
            {
                throw new InputException($"{address.Server}: an admin token goes to another host over https alone");
            }

            handler = new AdminTokenHandler(Input.ReadToken(path, "the file with the admin token"), sockets);
        }

        // Proofs of a holder's key go where the token itself goes.
        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, UnsafeUseInsecureChannelCallCredentials = uri.Scheme is "http" });
    }

    /// <summary>Gives what makes the calls of a channel, with proofs of a key where there is one.</summary>
    /// <param name="channel">The channel, as it was opened for the address.</param>
    /// <param name="address">The address.</param>
    /// <param name="key">The key that the tokens of the calls are bound to; <see langword="null"/> for none.</param>
    public static CallInvoker Prove(GrpcChannel channel, SidecarAddress address, HolderKey? key)
    {
        var calls = channel.CreateCallInvoker();
        return key is null ? calls : calls.Intercept(new HolderInterceptor(key, Read(address.Server).Uri, token: null, TimeProvider.System));
    }

    private static (Uri Uri, string? Socket) Read(string server)
    {
        if (server.StartsWith(SidecarAddress.UnixPrefix, StringComparison.Ordinal))
        {
            // `unix:///path` is the long form of `unix:/path`.
            var path = server[SidecarAddress.UnixPrefix.Length..];
            path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
            return path.Length > 0 ? (new Uri("http://localhost"), path) : throw new InputException($"--server: `{server}` names no socket");
        }

        return Uri.TryCreate(server, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? (address, null)
            : throw new InputException($"--server: `{server}` is no address such as unix:/run/clawpdp/admin.sock or http://127.0.0.1:7080");
    }

    private static SslClientAuthenticationOptions TlsOf(SidecarAddress address)
    {
        var options = new SslClientAuthenticationOptions();
        try
        {
            if (address.AuthorityPath is { } authorities)
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
                policy.CustomTrustStore.ImportFromPemFile(authorities);
                options.CertificateChainPolicy = policy;
            }

            if (address.CertificatePath is { } certificate)
            {
                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(certificate);
                var own = X509Certificate2.CreateFromPemFile(certificate, address.KeyPath ?? throw new InputException("--cert: it needs --key"));
                options.ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true);
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--ca, --cert or --key cannot be used: {exception.Message}", exception);
        }

        return options;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
