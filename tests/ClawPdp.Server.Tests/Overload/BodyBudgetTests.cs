using System.Net;
using ClawPdp.Server.Overload;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>Big messages that are never whole hold no more than the budget, and keep no small question out.</summary>
public sealed class BodyBudgetTests : IClassFixture<RunningSidecar>
{
    private const int Megabyte = 1 << 20;
    private const int PartSize = 3 * Megabyte;

    private static readonly HttpClient Http = new();

    private readonly RunningSidecar _sidecar;

    public BodyBudgetTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public void TryTake_TheWholeAndAPeersShare_AreBounds()
    {
        var budget = new BodyBudget(100);

        Assert.True(budget.TryTake("a", 25));
        Assert.False(budget.TryTake("a", 1));
        Assert.True(budget.TryTake("b", 25) && budget.TryTake("c", 25) && budget.TryTake("d", 24));
        Assert.False(budget.TryTake("e", 2));
        Assert.True(budget.TryTake("e", 1));
        budget.Return("a", 25);
        Assert.True(budget.TryTake("a", 25));
        foreach (var (peer, size) in new[] { ("a", 25), ("b", 25), ("c", 25), ("d", 24), ("e", 1) })
        {
            budget.Return(peer, size);
        }

        Assert.Equal(0, budget.Size);
    }

    [Fact]
    public async Task BigMessages_ThatAreNeverWhole_AreRefusedBeyondAPeersShare()
    {
        var budget = _sidecar.Services.GetRequiredService<BodyBudget>();
        using var ended = new CancellationTokenSource();

        // 16 MiB are a peer's: five parts of 3 MiB less what is free; the next is refused.
        var calls = Enumerable.Range(0, 5).Select(_ => SendAsync(ended.Token)).ToArray();
        await UntilAsync(() => budget.Size >= 5 * (PartSize - BodyBudget.FreeSize));
        Assert.Equal("8", await SendAsync(ended.Token));
        Assert.InRange(budget.Size, 14 * Megabyte, 16 * Megabyte);
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(await _sidecar.TokenOfAsync("alice"), tool: "github"));

        await ended.CancelAsync();
        await Task.WhenAll(calls);
        await UntilAsync(() => budget.Size == 0);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var turn = 0; !isSo(); turn++)
        {
            Assert.True(turn < 500, "it did not come to that");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<string?> SendAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _sidecar.GrpcAddress + "/clawpdp.v1.DecisionService/AuthorizeBatch")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Unfinished(cancellation),
        };
        request.Headers.TE.ParseAdd("trailers");
        try
        {
            using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.Headers.TryGetValues("grpc-status", out var values) ? string.Concat(values) : null;
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException)
        {
            return null;
        }
    }

    private sealed class Unfinished : HttpContent
    {
        private readonly CancellationToken _cancellation;

        public Unfinished(CancellationToken cancellation)
        {
            _cancellation = cancellation;
            Headers.TryAddWithoutValidation("content-type", "application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            // The head of a frame of 4 MiB less one byte, and a part of it.
            await stream.WriteAsync(new byte[] { 0, 0, 0x3f, 0xff, 0xff }, _cancellation);
            await stream.WriteAsync(new byte[PartSize], _cancellation);
            await stream.FlushAsync(_cancellation);
            await Task.Delay(Timeout.Infinite, _cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
