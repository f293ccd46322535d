namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>Compiles the C sources beside the tests, each once.</summary>
internal static class NativeBuild
{
    private const string Compiler = "/usr/bin/gcc";

    private static readonly Lazy<Task<string>> SharedShim = new(static () => CompileAsync("fault_shim.c", "libfault_shim.so", "-fPIC", "-shared"));

    private static readonly Lazy<Task<string>> SharedPowerCut = new(static () => CompileAsync("power_cut.c", "power_cut"));

    /// <summary>Gives the path of the program that cuts a file system off.</summary>
    public static Task<string> PowerCutAsync() => SharedPowerCut.Value;

    /// <summary>Gives the path of the library to be loaded before all others.</summary>
    public static Task<string> ShimAsync() => SharedShim.Value;

    private static async Task<string> CompileAsync(string source, string target, params string[] options)
    {
        Assert.SkipUnless(File.Exists(Compiler), $"{Compiler} is not there; ./test.sh installs it");
        var path = Path.Combine(AppContext.BaseDirectory, "Faults", target);
        var (code, output) = await ChildProcess.RunAsync(Compiler, ["-O2", "-Wall", "-Wextra", "-Werror", .. options, "-o", path, Path.Combine(AppContext.BaseDirectory, "Faults", source), "-ldl"]);
        Assert.True(code == 0, output);
        return path;
    }
}
