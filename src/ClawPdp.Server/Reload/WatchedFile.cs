using System.Security.Cryptography;

namespace ClawPdp.Server.Reload;

/// <summary>A file that is read again only when its content has changed.</summary>
internal sealed class WatchedFile
{
    private readonly string _path;
    private readonly int _sizeMaxBytes;
    private byte[] _seen = [];

    public WatchedFile(string path, int sizeMaxBytes)
    {
        _path = path;
        _sizeMaxBytes = sizeMaxBytes;
    }

    /// <summary>Gets the file's path.</summary>
    public string Path => _path;

    /// <summary>Reads the file if it differs from the last time it was read.</summary>
    /// <returns>The content, or <see langword="null"/> when it is what it was.</returns>
    /// <exception cref="IOException">The file cannot be read, or is over the size limit.</exception>
    public byte[]? ReadIfChanged()
    {
        // Forgotten first: after a failure to read, the same content must count as changed.
        var seen = _seen;
        _seen = [];
        var content = BoundedFile.Read(_path, _sizeMaxBytes);
        _seen = SHA256.HashData(content);
        return _seen.AsSpan().SequenceEqual(seen) ? null : content;
    }
}
