using System.Globalization;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doctor;

/// <summary>Looks at the disk of the data directory: what is free, and how long it takes to bring a page to it.</summary>
internal static class DiskExam
{
    private const string Check = "disk";
    private const long FreeMinBytes = 64L << 20;
    private const long FreeLowBytes = 1L << 30;
    private const int FlushCount = 5;
    private const int PageSize = 4096;

    private static readonly TimeSpan FlushSlow = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FlushTooSlow = TimeSpan.FromSeconds(1);

    /// <summary>Looks; for a moment there is a file of one page in the data directory.</summary>
    public static IEnumerable<Finding> Look(ServerSettings settings, TimeProvider time)
    {
        if (!Directory.Exists(settings.DataDirectory))
        {
            return [];
        }

        try
        {
            return [LookAtFree(new DriveInfo(settings.DataDirectory).AvailableFreeSpace), LookAtFlush(settings.DataDirectory, time)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [Finding.Wrong(Check, $"`{settings.DataDirectory}` cannot be written to: {failure.Message}", "look at the file system and at who owns the directory; run this command as the user that the sidecar runs as")];
        }
    }

    private static Finding LookAtFree(long free)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"{free / (1L << 20)} MiB are free");
        return free < FreeMinBytes ? Finding.Wrong(Check, words, "make room: when the disk is full nothing is issued or signed, and in the durable mode nothing is allowed")
            : free < FreeLowBytes ? Finding.Warn(Check, words, "make room, or move /data_directory")
            : Finding.Ok(Check, words);
    }

    private static Finding LookAtFlush(string directory, TimeProvider time)
    {
        var path = Path.Combine(directory, $".doctor-{Guid.CreateVersion7(time.GetUtcNow()):N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, Options = FileOptions.DeleteOnClose };
        var longest = TimeSpan.Zero;
        using var stream = new FileStream(path, options);
        var page = new byte[PageSize];
        for (var round = 0; round < FlushCount; round++)
        {
            var begin = time.GetTimestamp();
            RandomAccess.Write(stream.SafeFileHandle, page, (long)round * PageSize);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
            var taken = time.GetElapsedTime(begin);
            longest = taken > longest ? taken : longest;
        }

        var words = string.Create(CultureInfo.InvariantCulture, $"a page is on disk within {longest.TotalMilliseconds:0.#} ms");
        return longest > FlushTooSlow ? Finding.Wrong(Check, words, "use a faster disk for /data_directory: every receipt and token waits for it")
            : longest > FlushSlow ? Finding.Warn(Check, words, "use a faster disk for /data_directory: every receipt and token waits for it")
            : Finding.Ok(Check, words);
    }
}
