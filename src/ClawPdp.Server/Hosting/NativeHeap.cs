using System.Runtime.InteropServices;

namespace ClawPdp.Server.Hosting;

/// <summary>
/// The C library's heap, of which SQLite's page caches are made. By default it keeps an arena for each thread, up to eight for each
/// processor, and what the pool's threads allocate in turns lies about in all of them.
/// </summary>
internal static partial class NativeHeap
{
    // M_ARENA_MAX of mallopt(3).
    private const int ArenaMax = -8;
    private const int ArenaCount = 2;

    /// <summary>Bounds the number of arenas; those that are there stay. A C library without arenas is left as it is.</summary>
    public static void BoundArenas()
    {
        try
        {
            _ = SetOption(ArenaMax, ArenaCount);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: nothing to bound.
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
