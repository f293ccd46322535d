using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Server.Maintenance;

/// <summary>One file, or all files of a folder, by their bytes.</summary>
/// <param name="Count">The number of files.</param>
/// <param name="SizeBytes">Their size together.</param>
/// <param name="Hash">The SHA-256 of the file; for a folder that of one line for each file, base64url.</param>
internal sealed record FileDigest(long Count, long SizeBytes, string Hash)
{
    /// <summary>Computes that of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileDigest OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return new FileDigest(1, stream.Length, Base64UrlText.Encode(SHA256.HashData(stream)));
    }

    /// <summary>
    /// Computes that of a folder: the SHA-256 over a line <c>PATH TAB SIZE TAB SHA-256 LF</c> for each file, by their paths below the folder
    /// in ordinal order.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static FileDigest OfFolder(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (count, size) = (0L, 0L);
        foreach (var path in PathsOf(folder))
        {
            var file = OfFile(Path.Combine(folder, path));
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path}\t{file.SizeBytes}\t{file.Hash}\n")));
            count++;
            size += file.SizeBytes;
        }

        return new FileDigest(count, size, Base64UrlText.Encode(hash.GetHashAndReset()));
    }

    /// <summary>Gives the paths of all files below a folder, relative to it, in ordinal order.</summary>
    public static IEnumerable<string> PathsOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path))
        .Order(StringComparer.Ordinal);
}
