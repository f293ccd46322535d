using System.Diagnostics;
using System.Globalization;

namespace ClawPdp.Ledger.Tests;

/// <summary>
/// Runs a ledger on a disk whose flushes fail now and then and forget what they failed on, takes the power away, and looks for everything
/// that was acknowledged in what such a disk would hold.
/// </summary>
public sealed class ForgetfulDiskTests : IDisposable
{
    private const string DirectoryVariable = "CLAWPDP_LEDGER_FORGETFUL_DIRECTORY";
    private const int AcknowledgedCount = 1_500;

    private readonly TemporaryLedger _ledger = new();
    private readonly TemporaryLedger _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string AcknowledgedPath => _ledger.DirectoryPath + ".acknowledged";

    private string LibraryPath => _ledger.DirectoryPath + ".so";

    public void Dispose()
    {
        File.Delete(AcknowledgedPath);
        File.Delete(LibraryPath);
        _ledger.Dispose();
        _disk.Dispose();
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(7, 2)]
    [InlineData(20, 4)]
    [InlineData(50, 1)]
    public async Task Append_FlushesFailAndForget_LosesNothingAcknowledged(int every, int burst)
    {
        Assert.SkipUnless(await CompileAsync(), "no C compiler");
        Directory.CreateDirectory(_disk.DirectoryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await RunUntilAsync(AcknowledgedCount, every, burst, death: 0);

        await AssertAllThereAsync();
    }

    // The page cache, and what it hides, outlives the process.
    [Theory]
    [InlineData(25)]
    [InlineData(26)]
    public async Task Open_ProcessDiedInAFlushThatForgot_LosesNothingAcknowledgedAfterwards(int death)
    {
        Assert.SkipUnless(await CompileAsync(), "no C compiler");
        Directory.CreateDirectory(_disk.DirectoryPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await RunUntilAsync(int.MaxValue, int.MaxValue, burst: 0, death);
        await RunUntilAsync((await ReadAcknowledgedAsync()).Count + 40, int.MaxValue, burst: 0, death: 0);

        await AssertAllThereAsync();
    }

    /// <summary>The process that writes; run by the test above alone.</summary>
    [Fact(Explicit = true)]
    public async Task ForgetfulChild_AppendsUntilKilled()
    {
        var directoryPath = Environment.GetEnvironmentVariable(DirectoryVariable);
        Assert.SkipWhen(directoryPath is null, "this is one half of another test");
        await using var store = await OpenAsync(directoryPath);
        await using var output = new FileStream(
            directoryPath + ".acknowledged",
            new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 });
        using var turns = new SemaphoreSlim(1);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AppendForeverAsync(store, output, turns)));
    }

    // Making the file flushes, too.
    private static async Task<LedgerStore> OpenAsync(string directoryPath)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return TemporaryLedger.Open(new LedgerSettings { DirectoryPath = directoryPath, BatchSizeMax = 4 });
            }
            catch (LedgerException) when (attempt < 100)
            {
                await pace.WaitForNextTickAsync(Cancellation);
            }
        }
    }

    private static async Task AppendForeverAsync(LedgerStore store, FileStream output, SemaphoreSlim turns)
    {
        while (!Cancellation.IsCancellationRequested)
        {
            var id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
            try
            {
                await store.AppendReceiptAsync(Samples.Receipt(id), Cancellation);
            }
            catch (LedgerException)
            {
                continue;
            }

            await turns.WaitAsync(Cancellation);
            await output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(id + "\n"), Cancellation);
            turns.Release();
        }
    }

    private async Task AssertAllThereAsync()
    {
        await using var store = _disk.Open();
        var acknowledged = await ReadAcknowledgedAsync();
        Assert.All(acknowledged, id => Assert.NotNull(store.GetReceipt(id)));
        Assert.Null(store.VerifyChain(store.Head, Cancellation));
    }

    private async Task<bool> CompileAsync()
    {
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Faults", "forgetful-disk.c");
            using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-o", LibraryPath, source]) { UseShellExecute = false });
            Assert.NotNull(compiler);
            await compiler.WaitForExitAsync(Cancellation);
            return compiler.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private async Task RunUntilAsync(int count, int every, int burst, int death)
    {
        var method = $"{typeof(ForgetfulDiskTests).FullName}.{nameof(ForgetfulChild_AppendsUntilKilled)}";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ClawPdp.Ledger.Tests"), ["-explicit", "only", "-method", method])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[DirectoryVariable] = _ledger.DirectoryPath;
        start.Environment["LD_PRELOAD"] = LibraryPath;
        start.Environment["FORGETFUL_DISK"] = _disk.DirectoryPath;
        start.Environment["FORGETFUL_EVERY"] = every.ToString(CultureInfo.InvariantCulture);
        start.Environment["FORGETFUL_BURST"] = burst.ToString(CultureInfo.InvariantCulture);
        start.Environment["FORGETFUL_DEATH"] = death.ToString(CultureInfo.InvariantCulture);
        using var child = Process.Start(start);
        Assert.NotNull(child);
        try
        {
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!File.Exists(AcknowledgedPath) || (await ReadAcknowledgedAsync()).Count < count)
            {
                if (death != 0 && child.HasExited)
                {
                    return;
                }

                Assert.False(child.HasExited, "the process ended before it was killed");
                await pace.WaitForNextTickAsync(Cancellation);
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    // The last line may be cut by the kill; a record that is only half reported was not reported.
    private async Task<List<string>> ReadAcknowledgedAsync()
    {
        await using var input = new FileStream(AcknowledgedPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(input);
        return [.. (await reader.ReadToEndAsync(Cancellation)).Split('\n')[..^1]];
    }
}
