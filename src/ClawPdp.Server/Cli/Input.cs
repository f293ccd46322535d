using ClawPdp.Core.Faults;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary>Reads what the command line names.</summary>
internal static class Input
{
    private const int SizeDefaultBytes = 4 * 1024 * 1024;

    /// <summary>Reads a file, or standard input for <c>-</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sizeMaxBytes">The largest that is read.</param>
    /// <exception cref="InputException">It cannot be read or is too large.</exception>
    public static byte[] Read(string path, int sizeMaxBytes = SizeDefaultBytes)
    {
        try
        {
            using var stream = path is "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using var content = new MemoryStream();
            var buffer = new byte[81_920];
            for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                content.Write(buffer, 0, count);
                if (content.Length > sizeMaxBytes)
                {
                    throw new InputException($"{path}: larger than {sizeMaxBytes} bytes");
                }
            }

            return content.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the file cannot be read", exception);
        }
    }

    /// <summary>Gives a folder that is there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static string RequireFolder(string path) => Directory.Exists(path) ? path : throw new InputException($"{path}: there is no such folder");

    /// <summary>Reads a token from a file, or from standard input for <c>-</c>.</summary>
    /// <param name="path">The file. A token in its place is refused, and no message repeats what there is no file for.</param>
    /// <param name="name">The option's or argument's name, for messages.</param>
    /// <exception cref="UsageException">It is the token itself.</exception>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static string ReadToken(string path, string name) => System.Text.Encoding.UTF8.GetString(ReadTokens(path, name, SizeDefaultBytes)).Trim();

    /// <summary>Reads a file with tokens, likewise.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="sizeMaxBytes">The largest that is read.</param>
    /// <exception cref="UsageException">It is a token itself.</exception>
    /// <exception cref="InputException">It cannot be read or is too large.</exception>
    public static byte[] ReadTokens(string path, string name, int sizeMaxBytes)
    {
        if (path is "-" || File.Exists(path))
        {
            return Read(path, sizeMaxBytes);
        }

        throw ShownToken.HasForm(path) ? new UsageException($"{name}: there is no such file, and {ShownToken.Message}") : new InputException($"{name}: there is no such file");
    }

    /// <summary>Gives a value, or every fault as the message.</summary>
    public static T Require<T>(string path, Result<T> result)
        where T : class =>
        result.TryGet(out var value)
            ? value
            : throw new InputException(string.Join('\n', result.Faults.Select(fault => FaultText.Write(path, fault))));
}
