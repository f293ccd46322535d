using ClawPdp.Server.Revocations;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests;

[Trait("Door", "published")]
public sealed class RevocationFeedTests : IAsyncLifetime
{
    private readonly RunningSidecar _sidecar = new();
    private GrpcChannel? _channel;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TokenService.TokenServiceClient Tokens => new(_channel);

    public async ValueTask InitializeAsync()
    {
        await _sidecar.InitializeAsync();
        _channel = _sidecar.Channel();
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task ListRevocations_PageByPage_GivesEachOnceTheLatestFirst()
    {
        for (var number = 0; number < 7; number++)
        {
            await Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = $"mission-{number}", Reason = "over" });
        }

        var seen = new List<RevocationEvent>();
        for (var cursor = ""; ;)
        {
            var page = await Tokens.ListRevocationsAsync(new ListRevocationsRequest { Limit = 3, Cursor = cursor });
            seen.AddRange(page.Events);
            cursor = page.Cursor;
            Assert.Equal(page.ListComplete, cursor.Length == 0);
            if (page.ListComplete)
            {
                break;
            }

            Assert.Equal(3, page.Events.Count);
        }

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(static number => $"mission-{number}"), seen.Select(static item => item.Value));
        Assert.All(seen, static item => Assert.Equal((RevocationKind.Mission, "over", null), (item.Kind, item.Reason, item.ExpiresAt)));
        Assert.Equal(seen.OrderByDescending(static item => item.Sequence), seen);
    }

    [Fact]
    public async Task ListRevocations_ByTokenHash_HasTheKeyOfThePublicFeed()
    {
        var hash = new string('a', 64);
        await Tokens.RevokeCstAsync(new RevokeCstRequest { TokenHash = hash });

        var item = Assert.Single((await Tokens.ListRevocationsAsync(new ListRevocationsRequest())).Events);

        Assert.Equal($"events:revocations:{9_999_999_999 - item.RevokedAt.Seconds}:{hash}", item.Key);
        Assert.InRange(item.ExpiresAt.ToDateTimeOffset() - item.RevokedAt.ToDateTimeOffset(), TimeSpan.FromDays(30) - TimeSpan.FromSeconds(10), TimeSpan.FromDays(30));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task ListRevocations_CursorThatWasNotGivenOut_IsInvalid(string cursor)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await Tokens.ListRevocationsAsync(new ListRevocationsRequest { Cursor = cursor }));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("cursor", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokeCst_KnownToken_IsKeptAsLongAsItLivesAndAnHour()
    {
        var issued = (await _sidecar.Client.IssueAsync(await _sidecar.Client.SignInAsync("alice"))).Issued;

        await Tokens.RevokeCstAsync(new RevokeCstRequest { Token = issued.Cst });
        var events = (await Tokens.ListRevocationsAsync(new ListRevocationsRequest())).Events;

        Assert.Equal([(RevocationKind.TokenHash, issued.TokenHash), (RevocationKind.TokenId, issued.Jti)], events.Select(static item => (item.Kind, item.Value)));
        Assert.All(events, item => Assert.Equal(issued.ExpiresAt.ToDateTimeOffset().AddHours(1), item.ExpiresAt.ToDateTimeOffset()));
    }

    [Fact]
    public async Task WatchRevocations_FromTheBeginning_GivesOldAndNewInOrderWithoutAGap()
    {
        await Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = "old" });
        using var call = Tokens.WatchRevocations(new WatchRevocationsRequest(), cancellationToken: Cancellation);
        Assert.Equal(["old"], await NextAsync(call));

        var expected = new List<string>();
        var revoking = RevokeAsync(expected, 100);
        var seen = await ReadAsync(call, 100);
        await revoking;

        Assert.Equal(expected, seen.Select(static item => item.Value));
    }

    [Fact]
    public async Task WatchRevocations_AfterAPlace_GoesOnThere()
    {
        await Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = "first" });
        await Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = "second" });
        var first = (await Tokens.ListRevocationsAsync(new ListRevocationsRequest())).Events[^1];

        using var call = Tokens.WatchRevocations(new WatchRevocationsRequest { AfterSequence = first.Sequence }, cancellationToken: Cancellation);

        Assert.Equal(["second"], await NextAsync(call));
        Assert.NotNull(call.ResponseStream.Current.CompleteAsOf);
    }

    [Fact]
    public async Task WatchRevocations_ManyOnDisk_SaysCompleteOnlyWithTheLast()
    {
        foreach (var some in Enumerable.Range(0, 450).Chunk(50))
        {
            await Task.WhenAll(some.Select(async number => await Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = $"m{number}" })));
        }

        using var call = Tokens.WatchRevocations(new WatchRevocationsRequest(), cancellationToken: Cancellation);

        Assert.Equal((200, false), await SizeAsync(call));
        Assert.Equal((200, false), await SizeAsync(call));
        Assert.Equal((50, true), await SizeAsync(call));
    }

    [Fact]
    public async Task WatchRevocations_AfterAPlaceThatIsNotThere_SaysToBeginAgain()
    {
        using var call = Tokens.WatchRevocations(new WatchRevocationsRequest { AfterSequence = 1_000_000 }, cancellationToken: Cancellation);

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));

        Assert.Equal(StatusCode.OutOfRange, failure.StatusCode);
    }

    [Fact]
    public void CompleteAsOf_RevocationsOnTheirWay_IsBeforeTheFirstOfThem()
    {
        var feed = new RevocationFeed();
        var now = DateTimeOffset.UnixEpoch.AddHours(1);
        var first = feed.Begin(now.AddSeconds(-20));
        var second = feed.Begin(now.AddSeconds(-10));

        Assert.Equal(now.AddSeconds(-20), feed.CompleteAsOf(now));
        feed.End(first);
        Assert.Equal(now.AddSeconds(-10), feed.CompleteAsOf(now));
        var third = feed.Begin(now.AddSeconds(-5));
        feed.End(third);
        Assert.Equal(now, feed.CompleteAsOf(now));
        feed.End(second);
        Assert.Equal(now, feed.CompleteAsOf(now));
    }

    private async Task RevokeAsync(List<string> missions, int count)
    {
        for (var number = 0; number < count; number++)
        {
            missions.Add($"new-{number}");
            await Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = missions[^1] });
        }
    }

    private static async Task<(int Count, bool IsComplete)> SizeAsync(AsyncServerStreamingCall<WatchRevocationsResponse> call)
    {
        var events = await NextAsync(call);
        return (events.Count, call.ResponseStream.Current.CompleteAsOf is not null);
    }

    private static async Task<List<string>> NextAsync(AsyncServerStreamingCall<WatchRevocationsResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        return [.. call.ResponseStream.Current.Events.Select(static item => item.Value)];
    }

    private static async Task<List<RevocationEvent>> ReadAsync(AsyncServerStreamingCall<WatchRevocationsResponse> call, int count)
    {
        var seen = new List<RevocationEvent>();
        while (seen.Count < count && await call.ResponseStream.MoveNext(Cancellation))
        {
            seen.AddRange(call.ResponseStream.Current.Events);
        }

        return seen;
    }
}
