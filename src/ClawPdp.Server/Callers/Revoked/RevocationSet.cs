using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClawPdp.Server.Callers.Revoked;

/// <summary>
/// The lists of revoked certificates in force, each signed by an authority. Where there are lists at all, each authority needs one that is not over:
/// what it signed is refused otherwise. The lists of an authority only go forward: one that was given out before another that counted already does not
/// count any more, since it does not name what was revoked in between.
/// </summary>
internal sealed class RevocationSet
{
    private readonly Dictionary<string, RevocationList> _lists = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Key)> _authorities = [];

    // The newest of each authority that counted since the start, also where it is there no more.
    private readonly Dictionary<string, RevocationIssue> _newest;

    private RevocationSet(RevocationSet? before) => _newest = before is null ? new(StringComparer.Ordinal) : new(before._newest, StringComparer.Ordinal);

    /// <summary>Makes them of the contents of files.</summary>
    /// <param name="files">Each file's path and content: one list in DER, or any number in PEM.</param>
    /// <param name="authorities">The authorities.</param>
    /// <param name="before">What these replace; <see langword="null"/> for nothing.</param>
    /// <exception cref="CryptographicException">A list cannot be used, is signed by no authority, is the second of one, or older than one that these replace.</exception>
    public static RevocationSet Create(IEnumerable<(string Path, byte[] Content)> files, X509Certificate2Collection authorities, RevocationSet? before)
    {
        var set = new RevocationSet(before);
        foreach (var (path, content) in files)
        {
            foreach (var encoded in RevocationListFile.Split(path, content))
            {
                set.Add(path, encoded, authorities);
            }
        }

        foreach (var authority in authorities)
        {
            set._authorities.Add((authority.Subject, KeyOf(authority)));
        }

        return set;
    }

    /// <summary>Gives until when a certificate counts, as far as its authority's list says.</summary>
    /// <returns>The end of that list; <see langword="null"/> when the certificate is revoked, or the list is over or not there.</returns>
    public DateTimeOffset? CountsUntil(X509Certificate2 certificate, X509Certificate2 authority, DateTimeOffset now) =>
        _lists.TryGetValue(KeyOf(authority), out var list) && now < list.NextUpdate && !list.Serials.Contains(RevocationList.SerialOf(certificate.SerialNumberBytes.Span))
            ? list.NextUpdate
            : null;

    /// <summary>Says whose clients are refused for want of a list that counts; <see langword="null"/> when every authority has one.</summary>
    public string? FindFault(DateTimeOffset now)
    {
        foreach (var (name, key) in _authorities)
        {
            if (!_lists.TryGetValue(key, out var list))
            {
                return $"{name} has no list of revoked certificates: its clients are refused";
            }

            if (now >= list.NextUpdate)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the list of revoked certificates of {name} is over since {list.NextUpdate:u}: its clients are refused");
            }
        }

        return null;
    }

    // An authority is its name with its key: another one may have the name, and another name the key.
    private static string KeyOf(X509Certificate2 authority) =>
        Convert.ToHexStringLower(SHA256.HashData([.. authority.SubjectName.RawData, .. authority.PublicKey.ExportSubjectPublicKeyInfo()]));

    private void Add(string path, ReadOnlyMemory<byte> encoded, X509Certificate2Collection authorities)
    {
        var list = Read(path, encoded);
        var keys = authorities.Where(authority => RevocationListSignature.IsBy(list, authority)).Select(KeyOf).Distinct(StringComparer.Ordinal).ToList();
        if (keys.Count == 0)
        {
            throw new CryptographicException($"{path}: the list is signed by no authority of the clients, or its signature is broken");
        }

        foreach (var key in keys)
        {
            if (!_lists.TryAdd(key, list))
            {
                throw new CryptographicException($"{path}: there are two lists of one authority");
            }

            if (_newest.TryGetValue(key, out var newest) && list.Issue.IsBefore(newest))
            {
                throw new CryptographicException($"{path}: the list ({list.Issue}) is older than one that counted already ({newest})");
            }

            _newest[key] = list.Issue;
        }
    }

    private static RevocationList Read(string path, ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var list = RevocationListReader.Read(encoded);
            return RevocationListSignature.IsKnown(list.Algorithm) ? list : throw new CryptographicException($"its signature is of an algorithm that is not taken, {list.Algorithm}");
        }
        catch (CryptographicException failure)
        {
            throw new CryptographicException($"{path}: {failure.Message}", failure);
        }
    }
}
