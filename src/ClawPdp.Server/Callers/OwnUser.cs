using System.Runtime.InteropServices;

namespace ClawPdp.Server.Callers;

/// <summary>The user that the sidecar runs as.</summary>
internal static partial class OwnUser
{
    /// <summary>Gets the effective user id.</summary>
    public static uint Id => GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUser();
}
