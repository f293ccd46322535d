using System.Globalization;

namespace ClawPdp.Server.Hosting;

/// <summary>
/// How many connections the process's file descriptors suffice for. Kestrel asks the kernel again and again for a connection that there is
/// no descriptor for, at the cost of a whole processor; one that is over its own limit it takes and closes.
/// </summary>
internal static class DescriptorLimit
{
    // For the ledger and its readers, the log, keys and settings that are read anew, and the identity providers.
    private const int Reserve = 96;

    // A limit that leaves next to nothing beside the reserve still serves somebody.
    private const int LeastPart = 4;

    private const string Path = "/proc/self/limits";
    private const string Name = "Max open files";

    /// <summary>Gives how many connections each listener may take.</summary>
    /// <param name="wanted">How many it should take at most.</param>
    /// <param name="listenerCount">How many listeners there are, at least 1.</param>
    /// <returns>At least 1; <paramref name="wanted"/> where the limit is not known.</returns>
    public static int ConnectionsOf(int wanted, int listenerCount)
    {
        if (Read() is not { } limit)
        {
            return wanted;
        }

        var connections = Math.Max(limit - Reserve, limit / LeastPart) / listenerCount;
        return (int)Math.Clamp(connections, 1, wanted);
    }

    // proc_pid_limits(5): the name, the soft limit, the hard limit and the unit, in columns.
    private static long? Read()
    {
        try
        {
            var line = File.ReadLines(Path).FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
            var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
