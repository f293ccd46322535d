using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doctor;

/// <summary>Looks at who may open the data directory and what lies in it. It changes nothing.</summary>
internal static class FilesExam
{
    private const string Check = "files";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Looks.</summary>
    public static IEnumerable<Finding> Look(ServerSettings settings)
    {
        var data = settings.DataDirectory;
        if (!Directory.Exists(data))
        {
            return [LookAtParent(data)];
        }

        try
        {
            var open = OpenToOthers(data).Take(8).ToList();
            return open.Count > 0
                ? open.Select(static path => Finding.Wrong(Check, $"`{path}` is open to others than its owner", $"run: chmod go= {path}"))
                : [Finding.Ok(Check, $"`{data}` and its keys and ledger are open to their owner alone"), .. LookAtSocket(settings)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [Finding.Wrong(Check, $"`{data}` cannot be looked at: {failure.Message}", "run this command as the user that the sidecar runs as")];
        }
    }

    private static Finding LookAtParent(string data)
    {
        var parent = Path.GetDirectoryName(data);
        while (parent is not null && !Directory.Exists(parent))
        {
            parent = Path.GetDirectoryName(parent);
        }

        return Finding.Warn(Check, $"`{data}` is not there yet; the first start makes it below `{parent}`", "nothing, before the first start; else look at /data_directory in the configuration");
    }

    private static IEnumerable<string> OpenToOthers(string data) =>
        new[] { data, Path.Combine(data, "keys"), Path.Combine(data, "agents") }.Where(Directory.Exists)
            .Concat(FilesIn(data, "ledger*")).Concat(FilesIn(Path.Combine(data, "keys"), "*")).Concat(FilesIn(Path.Combine(data, "agents"), "*"))
            .Where(static path => (File.GetUnixFileMode(path) & Others) != UnixFileMode.None);

    private static IEnumerable<string> FilesIn(string directory, string pattern) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory, pattern).Order(StringComparer.Ordinal) : [];

    private static IEnumerable<Finding> LookAtSocket(ServerSettings settings)
    {
        if (settings.Listen.UnixSocketPath is not { } path || !File.Exists(path))
        {
            yield break;
        }

        var mode = File.GetUnixFileMode(path);
        yield return (mode & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) == UnixFileMode.None
            ? Finding.Ok(Check, $"the socket `{path}` is open to its owner and group")
            : Finding.Wrong(Check, $"the socket `{path}` is open to everybody", $"run: chmod 660 {path}");
    }
}
