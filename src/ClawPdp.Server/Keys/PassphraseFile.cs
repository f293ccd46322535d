using System.Security.Cryptography;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>Where the passphrase of the key files lies. It is read each time that it is needed, and never kept.</summary>
internal sealed class PassphraseFile
{
    /// <summary>The variable that names the file, for commands and as the setting <c>/keys/passphrase_file</c>.</summary>
    public const string Variable = "CLAWPDP_KEYS_PASSPHRASE_FILE";

    /// <summary>The shortest passphrase, in bytes.</summary>
    public const int LengthMinBytes = 12;

    /// <summary>The longest passphrase, in bytes.</summary>
    public const int LengthMaxBytes = 4096;

    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private readonly bool _isCredential;

    private PassphraseFile(string path, bool isCredential)
    {
        Path = path;
        _isCredential = isCredential;
    }

    /// <summary>Gets the full path.</summary>
    public string Path { get; }

    /// <summary>Names a file of its owner alone.</summary>
    public static PassphraseFile At(string path) => new(System.IO.Path.GetFullPath(path), isCredential: false);

    /// <summary>Names a credential that systemd hands over: its mode is systemd's, which may let the service's group read it.</summary>
    public static PassphraseFile OfCredential(string directory, string name) => new(System.IO.Path.GetFullPath(name, directory), isCredential: true);

    /// <summary>Reads the passphrase, without the newline at its end; the caller wipes it.</summary>
    /// <exception cref="UnsafeFileException">The file is open to others, or its length is out of bounds.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <param name="lengthMinBytes">The least that is enough.</param>
    public byte[] Read(int lengthMinBytes = LengthMinBytes)
    {
        if (!File.Exists(Path))
        {
            throw new UnsafeFileException($"there is no passphrase file `{Path}`");
        }

        if ((File.GetUnixFileMode(Path) & (_isCredential ? Others : Others | Group)) != UnixFileMode.None)
        {
            throw new UnsafeFileException($"the passphrase file `{Path}` is open to others than its owner; run: chmod 600 {Path}");
        }

        // Pinned, so that no copy is left behind when memory is moved together.
        var buffer = GC.AllocateArray<byte>(LengthMaxBytes + 2, pinned: true);
        try
        {
            var length = ReadInto(buffer, lengthMinBytes);
            var passphrase = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            buffer.AsSpan(0, length).CopyTo(passphrase);
            return passphrase;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private int ReadInto(byte[] buffer, int lengthMinBytes)
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var text = buffer.AsSpan(0, read);
        var length = text.EndsWith("\r\n"u8) ? read - 2 : text.EndsWith("\n"u8) ? read - 1 : read;
        return length >= lengthMinBytes && length <= LengthMaxBytes
            ? length
            : throw new UnsafeFileException($"the passphrase in `{Path}` must have {lengthMinBytes} to {LengthMaxBytes} bytes");
    }
}
