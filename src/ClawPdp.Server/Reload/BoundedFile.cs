namespace ClawPdp.Server.Reload;

/// <summary>Reads a file that somebody else writes.</summary>
internal static class BoundedFile
{
    /// <summary>Reads the whole file, through symbolic links.</summary>
    /// <exception cref="IOException">It cannot be read, is over the size limit, or is no file: to open a pipe would wait for a writer.</exception>
    public static byte[] Read(string path, int sizeMaxBytes)
    {
        // A pipe or device has no length, and to open one may wait for ever.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (new FileInfo(target).Length == 0)
        {
            throw new IOException("the file is empty, or no regular file");
        }

        using var stream = File.OpenRead(path);
        if (stream.Length > sizeMaxBytes)
        {
            throw new IOException($"the file is larger than {sizeMaxBytes} bytes");
        }

        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
