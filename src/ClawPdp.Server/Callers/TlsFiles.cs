using System.Security.Cryptography;
using ClawPdp.Server.Callers.Revoked;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Callers;

/// <summary>The files of a listener's certificates as they were read at one time.</summary>
internal sealed class TlsFiles
{
    /// <summary>The longest of them that is read; lists of revoked certificates have a bound of their own.</summary>
    public const int SizeMaxBytes = 1 << 20;

    private readonly byte[] _certificate;
    private readonly byte[] _key;
    private readonly byte[]? _authorities;
    private readonly IReadOnlyList<(string Path, byte[] Content)> _revoked;

    private TlsFiles(byte[] certificate, byte[] key, byte[]? authorities, IReadOnlyList<(string Path, byte[] Content)> revoked)
    {
        _certificate = certificate;
        _key = key;
        _authorities = authorities;
        _revoked = revoked;
    }

    /// <summary>Gets the hashes of all their contents, in their order.</summary>
    public byte[] Digest
    {
        get
        {
            IEnumerable<byte[]> contents = [_certificate, _key, _authorities ?? [], .. _revoked.Select(static list => list.Content)];
            return [.. contents.SelectMany(static content => SHA256.HashData(content))];
        }
    }

    /// <summary>Reads them, through symbolic links.</summary>
    /// <exception cref="IOException">One cannot be read, or is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">One may not be read.</exception>
    public static TlsFiles Read(TlsSettings settings) => new(
        BoundedFile.Read(settings.CertificatePath, SizeMaxBytes),
        BoundedFile.Read(settings.KeyPath, SizeMaxBytes),
        settings.ClientAuthorityPath is { } path ? BoundedFile.Read(path, SizeMaxBytes) : null,
        [.. settings.RevocationPaths.Select(static path => (path, BoundedFile.Read(path, RevocationListFile.SizeMaxBytes)))]);

    /// <summary>Says what an exception of <see cref="Read"/> or <see cref="Create"/> means; <see langword="null"/> for any other.</summary>
    public static string? FaultOf(TlsSettings settings, Exception exception) => exception switch
    {
        IOException or UnauthorizedAccessException => $"{settings.CertificatePath}: it, its key, the authorities or what they revoked cannot be read",
        CryptographicException or ArgumentException => $"{settings.CertificatePath}: it, its key, the authorities or what they revoked cannot be used: {exception.Message}",
        _ => null,
    };

    /// <summary>Makes certificates of them.</summary>
    /// <param name="before">What they replace; <see langword="null"/> for nothing.</param>
    /// <exception cref="CryptographicException">They are none, do not belong together, or a list of revoked certificates is older than one before.</exception>
    public TlsMaterial Create(TlsMaterial? before) => TlsMaterial.Create(_certificate, _key, _authorities, _revoked, before?.Clients?.Revoked);
}
