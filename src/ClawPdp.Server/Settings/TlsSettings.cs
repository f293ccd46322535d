using System.Collections.Immutable;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Settings;

/// <summary>The certificates of a listener.</summary>
internal sealed record TlsSettings
{
    /// <summary>Gets the full path of the sidecar's certificate, PEM, with what leads to its root.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>Gets the full path of its private key, PEM.</summary>
    public required string KeyPath { get; init; }

    /// <summary>Gets the full path of the authorities of clients, PEM; <see langword="null"/> when no client's certificate is asked for.</summary>
    public string? ClientAuthorityPath { get; init; }

    /// <summary>Gets the full paths of the authorities' lists of revoked certificates, PEM or DER; empty where none are looked at.</summary>
    public ImmutableArray<string> RevocationPaths { get; init; } = [];

    /// <summary>Gets the clients that are accepted; at least one with authorities, none without.</summary>
    public ImmutableArray<SpiffePattern> SpiffeIds { get; init; } = [];
}
