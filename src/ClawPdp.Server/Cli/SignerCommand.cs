using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using ClawPdp.Crypto;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Keys.Signers;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp signer</c>: holds the key of tokens in a PKCS#11 token, in a process of its own, and signs with it for a sidecar.</summary>
internal static class SignerCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var module = new Option<string>("--module") { Description = "the PKCS#11 module, such as /usr/lib/softhsm/libsofthsm2.so", HelpName = "FILE", Required = true };
        var token = new Option<string>("--token") { Description = "the token's label", HelpName = "LABEL", Required = true };
        var key = new Option<string>("--key") { Description = "the label of the Ed25519 key pair", HelpName = "LABEL", Required = true };
        var pin = new Option<string>("--pin-file") { Description = "the file with the user's PIN", HelpName = "FILE", Required = true };
        var socket = new Option<string>("--socket") { Description = "the Unix socket to answer on", HelpName = "PATH", Required = true };
        var group = new Option<bool>("--group") { Description = "let the socket's group ask, too: the sidecar may be another user" };
        var command = new Command("signer", "Sign tokens for a sidecar with a key in a PKCS#11 token") { module, token, key, pin, socket, group };
        command.SetAction((parsed, cancellation) => RunAsync(
            () => Open(parsed.GetValue(module) ?? "", parsed.GetValue(token) ?? "", parsed.GetValue(key) ?? "", parsed.GetValue(pin) ?? ""),
            Path.GetFullPath(parsed.GetValue(socket) ?? ""),
            parsed.GetValue(group),
            cancellation));
        return command;
    }

    private static Pkcs11Key Open(string module, string token, string key, string pinFile)
    {
        var pin = PassphraseFile.At(pinFile).Read(lengthMinBytes: 4);
        try
        {
            return Pkcs11Key.Open(module, token, key, pin);
        }
        catch (Pkcs11Exception exception)
        {
            throw new InputException(exception.Message, exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pin);
        }
    }

    private static SignerServer Listen(string socket, bool groupMayAsk, Pkcs11Key key)
    {
        try
        {
            return new SignerServer(socket, groupMayAsk, key.PublicKey, key.Sign);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new StartFaultException($"{socket}: {exception.Message}", exception);
        }
    }

    private static async Task<int> RunAsync(Func<Pkcs11Key> open, string socket, bool groupMayAsk, CancellationToken cancellation)
    {
        // Before the token is opened: a wrong path is no reason to ask for the PIN.
        StaleSocket.Clear(socket);
        using var key = open();
        using var server = Listen(socket, groupMayAsk, key);
        Output.Line($"signing at {socket} with the key {(Ed25519PublicKey.TryFromRaw(key.PublicKey, out var known) ? known.KeyId : "")}");
        await server.RunAsync(cancellation);
        return ExitCodes.Ok;
    }
}
