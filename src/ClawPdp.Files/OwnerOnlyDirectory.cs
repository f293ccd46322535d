namespace ClawPdp.Files;

/// <summary>A directory that nobody but its owner may look into: mode 0700.</summary>
public static class OwnerOnlyDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory where there is none.</summary>
    /// <exception cref="UnsafeFileException">It exists and others may enter it.</exception>
    public static void Ensure(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return;
        }

        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new UnsafeFileException($"the directory `{path}` is open to others than its owner; run: chmod 700 {path}");
        }
    }
}
