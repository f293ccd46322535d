using System.Security.Cryptography;
using ClawPdp.EndToEnd.Tests.Faults;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A row: what is broken.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Kind">What it concerns.</param>
/// <param name="Answers">What callers may get to know, and nothing else.</param>
/// <param name="BreakAsync">Breaks it.</param>
internal sealed record MatrixFault(string Name, FaultKinds Kind, string[] Answers, Func<MatrixScene, Task> BreakAsync)
{
    private const int NoSpaceLeft = 28;

    // A commit that takes longer than this counts as a disk that stands still (docs/overload.md).
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(2_300);

    // Twice what a sidecar takes at most.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    private static readonly byte[] Garbage = RandomNumberGenerator.GetBytes(4_096);

    // The settings of a server of HTTP/2, and half a frame of headers.
    private static readonly byte[] Truncated = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 40, 1, 4, 0, 0, 0, 1, 0x88];

    private static readonly string[] NotRecorded = ["LEDGER_UNAVAILABLE"];
    private static readonly string[] Unproved = ["TOKEN_PROOF_REQUIRED"];
    private static readonly string[] Expired = ["TOKEN_EXPIRED", "ID_TOKEN_EXPIRED", MatrixDoor.Inactive];

    /// <summary>Gets the rows; the first breaks nothing and shows that what is asked would be granted.</summary>
    public static IReadOnlyList<MatrixFault> All { get; } =
    [
        new("nothing", FaultKinds.Nothing, [MatrixDoor.Allowed, MatrixDoor.Issued, MatrixDoor.Active], static _ => Task.CompletedTask),
        new("flushes fail", FaultKinds.Disk, NotRecorded, static scene => Now(() => scene.Shim.Flushes(FlushMode.Fails))),
        new("flushes do not come back", FaultKinds.Disk, NotRecorded, StallAsync),
        new("the disk is full", FaultKinds.Disk, NotRecorded, static scene => Now(() => scene.Shim.WritesFail(NoSpaceLeft))),
        new("the file system is read-only", FaultKinds.Disk, NotRecorded, static scene => Now(() => scene.Shim.WritesFail(FaultShim.ReadOnlyFileSystem))),
        new("the clock jumps a day ahead", FaultKinds.Clock, Expired, static scene => Now(() => scene.Shim.SetClock(TimeSpan.FromDays(1)))),
        new("the clock jumps ahead and back", FaultKinds.Clock, Expired, ThereAndBackAsync),
        new("the token is revoked", FaultKinds.Token, ["TOKEN_REVOKED", MatrixDoor.Inactive], static async scene => await scene.Sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = scene.Place.Token })),
        new("the token is another installation's", FaultKinds.Token, ["TOKEN_UNKNOWN_KID", MatrixDoor.Inactive], OtherTokenAsync),
        new("the token has one bit changed", FaultKinds.Token, ["TOKEN_SIGNATURE_INVALID", MatrixDoor.Inactive], static scene => Now(() => scene.Place.Token = OtherBit(scene.Place.Token))),
        new("the token is bound to a key, and was stolen", FaultKinds.Holder, Unproved, static scene => BindAsync(scene, new TokenHolder { JwkThumbprint = LiveSidecar.Hash })),
        new("the token is bound to a user, and was stolen", FaultKinds.Holder, Unproved, static scene => BindAsync(scene, new TokenHolder { PeerUid = 4_242 })),
        new("the sidecar is not there", FaultKinds.Process, MatrixAnswers.Unreached, static scene => scene.Sidecar.Process.KillAsync()),
        new("the sidecar stands still", FaultKinds.Process, MatrixAnswers.Late, static scene => scene.SignalAsync("STOP")),
        new("the sidecar is killed while it is asked", FaultKinds.Process, MatrixAnswers.Broken, KillSoonAsync),

        // A stream that was open may find its connection gone in the middle of a write, which its library calls INTERNAL.
        new("the sidecar is stopped", FaultKinds.Process, [.. MatrixAnswers.Unreached, "INTERNAL"], StopAsync),
        new("something else answers with garbage", FaultKinds.Process, MatrixAnswers.Broken, static scene => scene.ReplaceAsync(Garbage, closes: true)),
        new("something else answers with half a frame", FaultKinds.Process, MatrixAnswers.Broken, static scene => scene.ReplaceAsync(Truncated, closes: true)),
        new("something else takes the call and says nothing", FaultKinds.Process, [.. MatrixAnswers.Late, .. MatrixAnswers.Unreached], static scene => scene.ReplaceAsync([], closes: false)),
    ];

    /// <summary>Changes one bit of the signature of a JWT.</summary>
    public static string OtherBit(string token) => token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1];

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
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
        Assert.NotEqual(ReasonCode.Allowed, (await scene.Sidecar.AskAsync(scene.Place.Token)).ReasonCode);
        scene.Shim.SetClock(TimeSpan.Zero);
    }

    private static async Task OtherTokenAsync(MatrixScene scene)
    {
        await using var other = await MatrixScene.StartAsync(scene.Place.Clients);
        scene.Place.Token = other.Place.Token;
    }

    private static async Task BindAsync(MatrixScene scene, TokenHolder holder)
    {
        var answer = await scene.Sidecar.Tokens.IssueCstAsync(new IssueCstRequest { IdToken = scene.Place.IdToken, AgentDid = PublishedSidecar.AgentDid, Audiences = { "clawpdp" }, Holder = holder });
        Assert.True(answer.OutcomeCase == IssueCstResponse.OutcomeOneofCase.Issued, answer.Refusal?.Message);
        scene.Place.Token = answer.Issued.Cst;
    }

    private static async Task StopAsync(MatrixScene scene)
    {
        await scene.Sidecar.Process.TerminateAsync();
        Assert.Equal(0, await scene.Sidecar.Process.EndAsync(StopMax));
    }

    private static async Task KillSoonAsync(MatrixScene scene)
    {
        await scene.SignalAsync("STOP");
        _ = Task.Delay(TimeSpan.FromMilliseconds(500)).ContinueWith(_ => scene.Sidecar.Process.KillAsync(), TaskScheduler.Default).Unwrap();
    }
}
