using System.Net.Security;

namespace ClawPdp.Client;

/// <summary>How to reach a sidecar, and with which token to ask.</summary>
public sealed record ClawPdpClientOptions
{
    /// <summary>The environment variable that gives the address where <see cref="Address"/> does not.</summary>
    public const string AddressVariable = "CLAWPDP_ADDRESS";

    /// <summary>The address where nothing else gives one.</summary>
    public const string AddressDefault = "127.0.0.1:7080";

    /// <summary>
    /// Gets the sidecar's address: <c>HOST:PORT</c> or <c>unix:/PATH</c>. The default is what the environment variable CLAWPDP_ADDRESS says,
    /// and <c>127.0.0.1:7080</c> where it says nothing.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>
    /// Gets what gives the agent's CST for each call. What it throws is a denial with the reason CLIENT_TOKEN, but where the caller gave the call up. The text it gives is put
    /// into the call alone: no message, no exception and no text form holds it.
    /// </summary>
    public required Func<CancellationToken, ValueTask<string>> Token { get; init; }

    /// <summary>
    /// Gets the key that the token is bound to: then each call that carries a token carries a proof of the key. <see langword="null"/>, the default, adds nothing. The client
    /// does not dispose of it.
    /// </summary>
    public HolderKey? HolderKey { get; init; }

    /// <summary>Gets the run of actions that name none: at most 128 bytes. The default is a new one for each client.</summary>
    public string RunId { get; init; } = Guid.CreateVersion7().ToString("D");

    /// <summary>Gets how long a question may take; then it is denied with CLIENT_DEADLINE. The default is 1 second.</summary>
    public TimeSpan AuthorizeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long one try of a call may take that is on disk before it is answered. The default is 5 seconds.</summary>
    public TimeSpan DurableTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how many answers are kept for as long as the sidecar lets them be: 0, the default, keeps none.</summary>
    public int CacheCapacity { get; init; }

    /// <summary>Gets the TLS settings; <see langword="null"/>, the default, stands for cleartext HTTP/2.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Gets a value indicating whether cleartext may go to another host than this one. The default is <see langword="false"/>.</summary>
    public bool AllowCleartextToOtherHosts { get; init; }

    /// <summary>Gets the clock; the default is the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes options with one token.</summary>
    public static ClawPdpClientOptions WithToken(string token) => new() { Token = _ => ValueTask.FromResult(token) };
}
