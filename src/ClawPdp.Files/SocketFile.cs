using System.Runtime.InteropServices;

namespace ClawPdp.Files;

/// <summary>Tells a socket from other files.</summary>
public static partial class SocketFile
{
    private const int HereAndNow = -100;
    private const int NoFollow = 0x100;
    private const uint TypeAlone = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    // struct statx has one layout on every architecture: statx(2).
    private const int StatxSizeBytes = 256;

    /// <summary>Tells whether a socket lies at a path; a symbolic link to one is none.</summary>
    public static unsafe bool IsAt(string path)
    {
        var found = stackalloc byte[StatxSizeBytes];
        return Statx(HereAndNow, path, NoFollow, TypeAlone, found) == 0 && (*(ushort*)(found + ModeOffset) & TypeMask) == SocketType;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* found);
}
