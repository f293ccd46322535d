using System.Security.Cryptography;
using ClawPdp.EndToEnd.Tests.Faults;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A row: what is broken.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="BreakAsync">Breaks it.</param>
internal sealed record MatrixFault(string Name, Func<MatrixScene, Task> BreakAsync)
{
    private const int NoSpaceLeft = 28;

    // A commit that takes longer than this counts as a disk that stands still (docs/overload.md).
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(2_300);

    private static readonly byte[] Garbage = RandomNumberGenerator.GetBytes(4_096);

    // The settings of a server of HTTP/2, and half a frame of headers.
    private static readonly byte[] Truncated = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 40, 1, 4, 0, 0, 0, 1, 0x88];

    /// <summary>Gets the rows; the first breaks nothing and shows that what is asked would be allowed.</summary>
    public static IReadOnlyList<MatrixFault> All { get; } =
    [
        new("nothing", static _ => Task.CompletedTask),
        new("flushes fail", static scene => Now(() => scene.Shim.Flushes(FlushMode.Fails))),
        new("flushes do not come back", StallAsync),
        new("the disk is full", static scene => Now(() => scene.Shim.WritesFail(NoSpaceLeft))),
        new("the file system is read-only", static scene => Now(() => scene.Shim.WritesFail(FaultShim.ReadOnlyFileSystem))),
        new("the clock jumps a day ahead", static scene => Now(() => scene.Shim.SetClock(TimeSpan.FromDays(1)))),
        new("the clock jumps ahead and back", ThereAndBackAsync),
        new("the token is revoked", static async scene => await scene.Sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = scene.Token })),
        new("the token is another installation's", OtherTokenAsync),
        new("the token has one bit changed", static scene => Now(() => scene.Token = scene.Token[..^2] + (scene.Token[^2] == 'A' ? 'B' : 'A') + scene.Token[^1])),
        new("the sidecar is not there", static scene => scene.Sidecar.Process.KillAsync()),
        new("the sidecar stands still", static scene => scene.SignalAsync("STOP")),
        new("the sidecar is killed while it is asked", KillSoonAsync),
        new("the sidecar is stopped", StopAsync),
        new("something else answers with garbage", static scene => Now(() => Replace(scene, Garbage, closes: true))),
        new("something else answers with half a frame", static scene => Now(() => Replace(scene, Truncated, closes: true))),
        new("something else takes the call and says nothing", static scene => Now(() => Replace(scene, [], closes: false))),
    ];

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static void Replace(MatrixScene scene, byte[] answer, bool closes)
    {
        scene.Instead = new Impostor(answer, closes);
        (scene.Grpc, scene.Http) = (scene.Instead.Address, scene.Instead.Address);
    }

    private static async Task StallAsync(MatrixScene scene)
    {
        scene.Shim.Flushes(FlushMode.Stalls);
        _ = scene.Sidecar.TryIssueAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
        await LiveSidecar.UntilAsync(() => Task.FromResult(scene.Shim.FlushesWaiting > 0), "a flush that waits");
        await Task.Delay(Stall);
    }

    private static async Task ThereAndBackAsync(MatrixScene scene)
    {
        scene.Shim.SetClock(TimeSpan.FromDays(1));
        Assert.NotEqual(ReasonCode.Allowed, (await scene.Sidecar.AskAsync(scene.Token)).ReasonCode);
        scene.Shim.SetClock(TimeSpan.Zero);
    }

    private static async Task OtherTokenAsync(MatrixScene scene)
    {
        await using var other = await MatrixScene.StartAsync();
        scene.Token = other.Token;
    }

    private static async Task StopAsync(MatrixScene scene)
    {
        await scene.Sidecar.Process.TerminateAsync();
        await LiveSidecar.UntilAsync(() => Task.FromResult(scene.Sidecar.Process.HasEnded || scene.Sidecar.Process.Output.Contains("stopping", StringComparison.Ordinal)), "the line that says it stops");
    }

    private static async Task KillSoonAsync(MatrixScene scene)
    {
        await scene.SignalAsync("STOP");
        _ = Task.Delay(TimeSpan.FromMilliseconds(500)).ContinueWith(_ => scene.Sidecar.Process.KillAsync(), TaskScheduler.Default).Unwrap();
    }
}
