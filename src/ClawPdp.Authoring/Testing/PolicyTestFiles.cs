using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Authoring.Sources;
using ClawPdp.Core.Faults;

namespace ClawPdp.Authoring.Testing;

/// <summary>Finds test files, and tells when what a run depends on has changed.</summary>
public static class PolicyTestFiles
{
    private static readonly ImmutableArray<string> Endings = [".test.json", ".test.yaml", ".test.yml"];
    private static readonly ImmutableArray<string> WatchedEndings = [".json", ".yaml", ".yml"];

    // Depth bounds what links in a circle can do. Hidden folders are left out: a mounted ConfigMap has its files there once more.
    private static readonly EnumerationOptions Recursive = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, IgnoreInaccessible = false };

    /// <summary>Tells whether a name is that of a test file, <c>*.test.json</c>, <c>*.test.yaml</c> or <c>*.test.yml</c>.</summary>
    public static bool IsTestFile(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the test files of folders, in ordinal order; a file that is named is one whatever its name.</summary>
    /// <param name="paths">Folders and files.</param>
    /// <param name="faults">Receives the paths that are not there or hold no test file.</param>
    public static ImmutableArray<string> Find(IEnumerable<string> paths, ICollection<FileFault> faults)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            var count = found.Count;
            if (Directory.Exists(path))
            {
                found.AddRange(FilesOf(path, Endings));
            }
            else if (File.Exists(path))
            {
                found.Add(path);
            }

            if (found.Count == count)
            {
                faults.Add(new FileFault(path, new Fault("", Directory.Exists(path) ? "the folder holds no test file" : "there is no such file or folder")
                {
                    Hint = Directory.Exists(path) ? "their names end with " + string.Join(", ", Endings) : null,
                }));
            }
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Gives the hash of the content of every file that may change the run's result, by its full name.</summary>
    /// <param name="paths">Folders, whose JSON and YAML files count, and files.</param>
    /// <param name="files">Further files, those that the last run read.</param>
    public static ImmutableSortedDictionary<string, string> Snapshot(IEnumerable<string> paths, IEnumerable<string> files) =>
        paths.SelectMany(static path => Directory.Exists(path) ? FilesOf(path, WatchedEndings) : [path])
            .Concat(files)
            .Select(Path.GetFullPath)
            .Distinct(StringComparer.Ordinal)
            .ToImmutableSortedDictionary(static file => file, HashOf, StringComparer.Ordinal, StringComparer.Ordinal);

    private static IEnumerable<string> FilesOf(string folder, ImmutableArray<string> endings) =>
        Directory.EnumerateFiles(folder, "*", Recursive)
            .Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal);

    // A file that is just being replaced is looked at again at the next turn.
    private static string HashOf(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
