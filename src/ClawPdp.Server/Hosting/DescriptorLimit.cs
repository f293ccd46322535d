using System.Globalization;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Hosting;

/// <summary>
/// Keeps connections from using up the process's file descriptors. A listener that can accept nothing tries again at once and for ever, and
/// files could not be opened: so some are kept back for everything that is not a connection.
/// </summary>
internal static class DescriptorLimit
{
    // The runtime, the listeners, the ledger with its readers, the log's files, and calls to identity providers.
    private const int KeptBack = 256;
    private const int ConnectionsMin = 8;
    private const string LimitsPath = "/proc/self/limits";
    private const string LineName = "Max open files";

    /// <summary>Gives how many connections each listener takes.</summary>
    public static int ConnectionsOf(ServerSettings settings, ILogger logger)
    {
        var wanted = settings.Limits.ConnectionsMax;
        if (Read() is not { } descriptors)
        {
            return wanted;
        }

        var bounded = Bound(wanted, descriptors, settings.Listen.All.Length);
        if (bounded < wanted)
        {
            Log.ConnectionsBounded(logger, descriptors, bounded, wanted);
        }

        return bounded;
    }

    /// <summary>Bounds the connections of each listener by the descriptors that the process may have.</summary>
    public static int Bound(int wanted, int descriptors, int listeners) =>
        Math.Min(wanted, Math.Max(ConnectionsMin, (descriptors - KeptBack) / Math.Max(1, listeners)));

    /// <summary>Gives how many files the process may open; <see langword="null"/> when that is not known.</summary>
    public static int? Read()
    {
        try
        {
            var line = File.ReadLines(LimitsPath).FirstOrDefault(static line => line.StartsWith(LineName, StringComparison.Ordinal));
            var soft = line?[LineName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptors) ? descriptors : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
