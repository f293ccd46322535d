using ClawPdp.Core.Json;

namespace ClawPdp.Authoring.Testing;

/// <summary>Reads the names of files that a test file refers to.</summary>
internal static class TestPath
{
    private const int LengthMax = 4096;

    /// <summary>Gives the path of a file.</summary>
    /// <param name="member">The name, from the test file's folder.</param>
    /// <param name="directory">The test file's folder.</param>
    /// <param name="files">Receives the path, as one that the run depends on.</param>
    /// <returns>The path; <see langword="null"/> with a fault.</returns>
    public static string? Read(JsonCursor member, string directory, ICollection<string> files)
    {
        if (member.AsText(LengthMax) is not { } name)
        {
            return null;
        }

        if (name.Any(char.IsControl))
        {
            member.Refuse("a control character stands in the name of a file");
            return null;
        }

        var path = Path.Combine(directory, name);
        files.Add(path);
        return path;
    }
}
