using System.Runtime.InteropServices;
using ClawPdp.Load.Loops;
using Microsoft.Win32.SafeHandles;

namespace ClawPdp.Load.Floors;

/// <summary>What the disk takes to keep 600 bytes: one write and one fdatasync(2).</summary>
internal static partial class DiskFloor
{
    private const int RecordSizeBytes = 600;

    public static Samples Measure(string directory, TimeSpan duration)
    {
        var path = Path.Combine(directory, "floor.dat");
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
            var record = new byte[RecordSizeBytes];
            var offset = 0L;
            return ClosedLoop.Run(duration, () =>
            {
                RandomAccess.Write(file, record, offset);
                offset += record.Length;
                if (FlushData(file) != 0)
                {
                    throw new IOException("fdatasync failed");
                }
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "fdatasync")]
    private static partial int FlushData(SafeFileHandle file);
}
