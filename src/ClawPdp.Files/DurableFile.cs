using System.Runtime.InteropServices;

namespace ClawPdp.Files;

/// <summary>Writes files so that they are either whole and on disk or not there, and readable by their owner alone.</summary>
public static partial class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // O_RDONLY alone: the number of O_DIRECTORY is another on each processor, and a directory opens without it.
    private const int OpenReadOnly = 0;

    /// <summary>Writes a file of mode 0600, replacing an older one at once.</summary>
    /// <exception cref="IOException">The file could not be brought to disk; an older one is unharmed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(path) ?? "/");
    }

    /// <summary>Writes a file of mode 0600 where there is none.</summary>
    /// <exception cref="IOException">There is one, which is unharmed, or the file could not be brought to disk.</exception>
    public static void WriteFirst(string path, ReadOnlySpan<byte> content)
    {
        using (var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        FlushDirectory(Path.GetDirectoryName(path) ?? "/");
    }

    /// <summary>Makes a directory, and those above it, where there is none: each is on disk when this returns.</summary>
    /// <exception cref="IOException">It could not be brought to disk.</exception>
    public static void EnsureDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path) ?? "/";
        EnsureDirectory(parent);
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        FlushDirectory(parent);
    }

    /// <summary>Brings the names in a directory to disk: a rename is there only then (fsync(2)).</summary>
    /// <exception cref="IOException">It could not be done.</exception>
    // .NET opens no handle on a directory.
    public static void FlushDirectory(string directory)
    {
        var descriptor = Open(directory, OpenReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"the directory cannot be opened, error {Marshal.GetLastPInvokeError()}");
        }

        var outcome = Flush(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (outcome != 0)
        {
            throw new IOException($"the directory cannot be flushed, error {error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
