using System.IO.MemoryMappedFiles;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>Makes the disk and the clock of processes fail: the other side of fault_shim.c.</summary>
internal sealed class FaultShim : IDisposable
{
    /// <summary>EROFS of errno.h: the file system is read-only.</summary>
    public const int ReadOnlyFileSystem = 30;

    private const int PageSize = 4096;
    private const int ModeOffset = 0;
    private const int DelayOffset = 4;
    private const int ClockOffsetOffset = 8;
    private const int FlushCountOffset = 16;
    private const int FlushWaitingOffset = 24;
    private const int WriteErrorOffset = 28;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _page;

    private FaultShim(string control, string library)
    {
        _file = MemoryMappedFile.CreateFromFile(control, FileMode.CreateNew, mapName: null, PageSize);
        _page = _file.CreateViewAccessor();
        Environment =
        [
            KeyValuePair.Create("LD_PRELOAD", library),
            KeyValuePair.Create("FAULT_CONTROL", control),
        ];
    }

    /// <summary>Gets what a process is started with.</summary>
    public KeyValuePair<string, string>[] Environment { get; }

    /// <summary>Gets how many flushes of the ledger were asked for.</summary>
    public long FlushCount => _page.ReadInt64(FlushCountOffset);

    /// <summary>Gets how many flushes wait now.</summary>
    public int FlushesWaiting => _page.ReadInt32(FlushWaitingOffset);

    /// <summary>Makes one for the processes of a home.</summary>
    public static async Task<FaultShim> CreateAsync(SidecarHome home) => new(Path.Combine(home.Folder, "fault-control"), await NativeBuild.ShimAsync());

    /// <summary>Says what flushes do from now on.</summary>
    public void Flushes(FlushMode mode, TimeSpan delay = default)
    {
        _page.Write(DelayOffset, (int)delay.TotalMilliseconds);
        _page.Write(ModeOffset, (int)mode);
    }

    /// <summary>Says with which errno writes fail from now on; 0 for not at all.</summary>
    public void WritesFail(int error) => _page.Write(WriteErrorOffset, error);

    /// <summary>Sets the wall clock apart from the true time.</summary>
    public void SetClock(TimeSpan offset) => _page.Write(ClockOffsetOffset, offset.Ticks * TimeSpan.NanosecondsPerTick);

    public void Dispose()
    {
        // Nobody waits for a test that is over.
        Flushes(FlushMode.Works);
        _page.Dispose();
        _file.Dispose();
    }
}
