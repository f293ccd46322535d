namespace ClawPdp.Server.Keys;

/// <summary>
/// Held by whoever changes key files, so that a command and the sidecar's schedule do not meet: <c>DATA/keys.lock</c>. The kernel lets go of it
/// when a process dies; the file stays and means nothing.
/// </summary>
internal sealed class KeyLock : IDisposable
{
    private readonly FileStream _file;

    private KeyLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, and waits for nobody.</summary>
    /// <exception cref="KeysBusyException">Another has it.</exception>
    public static KeyLock Take(string dataDirectory)
    {
        try
        {
            return new KeyLock(new FileStream(Path.Combine(dataDirectory, "keys.lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new KeysBusyException($"the keys of `{dataDirectory}` are being changed by another process; try again", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
