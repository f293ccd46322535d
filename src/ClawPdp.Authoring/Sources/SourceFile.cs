using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Sources;

/// <summary>Reads authors' files from disk; what cannot be read is a fault like another.</summary>
public static class SourceFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sizeMaxBytes">The longest that is read.</param>
    /// <param name="faults">Receives why it cannot be read.</param>
    /// <returns>The content; <see langword="null"/> with a fault.</returns>
    public static byte[]? Read(string path, int sizeMaxBytes, ICollection<FileFault> faults)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var content = new MemoryStream();
            var buffer = new byte[81_920];
            for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                content.Write(buffer, 0, count);
                if (content.Length > sizeMaxBytes)
                {
                    faults.Add(new FileFault(path, new Fault("", $"larger than {sizeMaxBytes} bytes")));
                    return null;
                }
            }

            return content.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new FileFault(path, new Fault("", "the file cannot be read")));
            return null;
        }
    }

    /// <summary>Reads a policy.</summary>
    /// <returns>The policy; <see langword="null"/> with every fault.</returns>
    public static WorkPolicyContract? ReadPolicy(string path, ICollection<FileFault> faults)
    {
        if (Read(path, PolicySource.SizeMaxBytes, faults) is not { } content)
        {
            return null;
        }

        var read = PolicySource.Read(path, content);
        if (read.TryGet(out var policy))
        {
            return policy;
        }

        foreach (var fault in read.Faults)
        {
            faults.Add(new FileFault(path, fault));
        }

        return null;
    }
}
