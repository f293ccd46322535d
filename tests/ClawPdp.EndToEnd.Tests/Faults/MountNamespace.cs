using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>
/// A small file system of its own, held in a mount namespace of its own by a process that waits, so that it outlives the processes
/// that write to it and leaves nothing behind.
/// </summary>
internal sealed class MountNamespace : IAsyncDisposable
{
    private const string WaitMax = "900";

    private readonly ChildProcess _holder;
    private readonly string _path;
    private readonly string[] _enterOptions;

    private MountNamespace(ChildProcess holder, string path, string[] enterOptions)
    {
        _holder = holder;
        _path = path;
        _enterOptions = enterOptions;
    }

    /// <summary>Gets where the test reaches the file system.</summary>
    public string Root => string.Create(CultureInfo.InvariantCulture, $"/proc/{_holder.Id}/root{_path}");

    /// <summary>Gets the command that runs another inside.</summary>
    public string[] Enter => ["nsenter", "-t", _holder.Id.ToString(CultureInfo.InvariantCulture), "-m", .. _enterOptions, "--"];

    /// <summary>Mounts a file system in memory; skips the test where that is not permitted.</summary>
    public static async Task<MountNamespace> CreateAsync(string path, int sizeMegabytes)
    {
        var isRoot = await RunsAsync("unshare", "-m", "true");
        var isUser = !isRoot && await RunsAsync("unshare", "-rm", "true");
        Assert.SkipUnless(isRoot || isUser, "neither root nor a user namespace may mount here");
        var script = string.Create(CultureInfo.InvariantCulture, $"mount -t tmpfs -o size={sizeMegabytes}m,mode=700 none '{path}' && echo mounted && exec sleep {WaitMax}");
        var (holder, _) = await ChildProcess.StartAsync("unshare", [isRoot ? "-m" : "-rm", "sh", "-c", script], "mounted");
        return new MountNamespace(holder, path, isRoot ? [] : ["-U", "--preserve-credentials"]);
    }

    /// <summary>Mounts the file system anew, with other options.</summary>
    public async Task RemountAsync(string options)
    {
        var (code, output) = await ChildProcess.RunAsync("nsenter", [.. Enter[1..], "mount", "-o", "remount," + options, _path]);
        Assert.True(code == 0, output);
    }

    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private static async Task<bool> RunsAsync(string program, params string[] arguments)
    {
        try
        {
            return (await ChildProcess.RunAsync(program, arguments)).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
