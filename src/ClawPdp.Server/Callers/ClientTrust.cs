using System.Security.Cryptography.X509Certificates;
using ClawPdp.Server.Callers.Revoked;

namespace ClawPdp.Server.Callers;

/// <summary>Whose clients are accepted.</summary>
/// <param name="Authorities">The authorities.</param>
/// <param name="Revoked">What they revoked; <see langword="null"/> where no lists are asked for.</param>
internal sealed record ClientTrust(X509Certificate2Collection Authorities, RevocationSet? Revoked);
