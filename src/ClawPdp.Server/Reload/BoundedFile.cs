namespace ClawPdp.Server.Reload;

/// <summary>Reads a file that somebody else writes.</summary>
internal static class BoundedFile
{
    /// <summary>Reads the whole file, through symbolic links.</summary>
    /// <exception cref="IOException">It cannot be read, or is over the size limit.</exception>
    public static byte[] Read(string path, int sizeMaxBytes)
    {
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
