namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>A real ext4 file system in a file, mounted where a home keeps its data: one that the kernel can give up, and cut off.</summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    private const string Size = "64M";

    private readonly string _image;
    private readonly string _folder;
    private bool _isMounted;

    private LoopDisk(string image, string folder)
    {
        _image = image;
        _folder = folder;
    }

    /// <summary>Makes and mounts one; skips the test where that is not permitted.</summary>
    public static async Task<LoopDisk> CreateAsync(SidecarHome home)
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "only root mounts a disk image");
        Assert.SkipUnless(File.Exists("/usr/sbin/mkfs.ext4") && Directory.Exists("/sys/fs/ext4"), "mkfs.ext4 or the kernel's ext4 is not there");
        var disk = new LoopDisk(Path.Combine(home.Folder, "disk.img"), home.Disk);
        await RunAsync("truncate", "-s", Size, disk._image);
        await RunAsync("/usr/sbin/mkfs.ext4", "-q", disk._image);
        var (code, output) = await disk.MountAsync();
        Assert.SkipUnless(code == 0, $"no loop device can be mounted here: {output.Trim()}");
        return disk;
    }

    /// <summary>Makes the kernel believe that the file system is damaged, so that it lets nothing more be written.</summary>
    public async Task FailAsync()
    {
        var (_, device) = await ChildProcess.RunAsync("findmnt", "-no", "SOURCE", _folder);
        await File.WriteAllTextAsync($"/sys/fs/ext4/{Path.GetFileName(device.Trim())}/trigger_fs_error", "1");
    }

    /// <summary>Cuts the file system off its disk, as a power failure would.</summary>
    public async Task CutOffAsync() => await RunAsync(await NativeBuild.PowerCutAsync(), _folder);

    /// <summary>Takes the file system off, checks it and mounts it again.</summary>
    public async Task RepairAsync()
    {
        await UnmountAsync();
        // 0: nothing to do; 1: mended.
        var (code, output) = await ChildProcess.RunAsync("/usr/sbin/e2fsck", "-fy", _image);
        Assert.True(code <= 1, output);
        (code, output) = await MountAsync();
        Assert.True(code == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await UnmountAsync();
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync(program, arguments);
        Assert.True(code == 0, output);
    }

    private async Task<(int Code, string Output)> MountAsync()
    {
        var outcome = await ChildProcess.RunAsync("mount", "-o", "loop,errors=remount-ro", _image, _folder);
        _isMounted = outcome.Code == 0;
        return outcome;
    }

    // A process that was killed just now may still hold a file for a moment.
    private async Task UnmountAsync()
    {
        await LiveSidecar.UntilAsync(async () => (await ChildProcess.RunAsync("umount", _folder)).Code == 0, "the disk is let go of");
        _isMounted = false;
    }
}
