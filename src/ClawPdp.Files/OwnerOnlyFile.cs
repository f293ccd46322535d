namespace ClawPdp.Files;

/// <summary>A file that nobody but its owner may read or write: mode 0600.</summary>
public static class OwnerOnlyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Checks a file with a key.</summary>
    /// <param name="path">The file, which is there.</param>
    /// <exception cref="UnsafeFileException">Others may read or write it.</exception>
    public static void Check(string path)
    {
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new UnsafeFileException($"the key file `{path}` is open to others than its owner; run: chmod 600 {path}");
        }
    }
}
