using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClawPdp.Server.Overload;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>Big messages that are never whole hold no more than the budget, and keep no small question out.</summary>
public sealed class BodyBudgetTests : IClassFixture<RunningSidecar>
{
    private const int Megabyte = 1 << 20;
    private const int PartSize = 3 * Megabyte;

    // A tag of two bytes and a length of four.
    private const int HeadSize = 6;

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

    // A part of a message, and one that is whole without an end of its body.
    [Theory]
    [InlineData(PartSize + Megabyte)]
    [InlineData(PartSize)]
    public async Task BigMessages_ThatAreNeverOver_AreRefusedBeyondAPeersShare(int size)
    {
        var budget = _sidecar.Services.GetRequiredService<BodyBudget>();
        using var ended = new CancellationTokenSource();

        // 16 MiB are a peer's: five parts of 3 MiB less what is free; the next is refused.
        var calls = Enumerable.Range(0, 5).Select(_ => SendAsync(size, ended.Token)).ToArray();
        await UntilAsync(() => budget.Size >= 5 * (PartSize - BodyBudget.FreeSize));
        Assert.Equal("8", await SendAsync(size, ended.Token));
        Assert.InRange(budget.Size, 14 * Megabyte, 16 * Megabyte);
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(await _sidecar.TokenOfAsync("alice"), tool: "github"));

        await ended.CancelAsync();
        await Task.WhenAll(calls);
        await UntilAsync(() => budget.Size == 0);
    }

    [Theory]
    [InlineData("/access/v1/evaluations", "\"OVERLOADED\"")]
    [InlineData("/clawpdp.v1.DecisionService/Authorize", "\"resource_exhausted\"")]
    public async Task BodiesOfOtherDoors_ThatAreNeverOver_AreRefusedBeyondTheWhole(string path, string said)
    {
        var budget = _sidecar.Services.GetRequiredService<BodyBudget>();
        using var ended = new CancellationTokenSource();

        // On loopback each connection is a peer: 64 MiB are 21 parts of 3 MiB less what is free.
        var calls = Enumerable.Range(0, 21).Select(_ => PostAsync(path, ended.Token)).ToArray();
        await UntilAsync(() => budget.Size >= 21L * (PartSize - BodyBudget.FreeSize));
        Assert.Contains(said, await PostAsync(path, ended.Token), StringComparison.Ordinal);

        await ended.CancelAsync();
        await Task.WhenAll(calls);
        await UntilAsync(() => budget.Size == 0);
    }

    [Fact]
    public async Task WatchEpoch_WithABigRequest_IsRefused()
    {
        using var ended = new CancellationTokenSource();

        Assert.Equal("8", await SendAsync(PartSize, ended.Token, "/clawpdp.v1.DecisionService/WatchEpoch"));
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

    private static async Task<HttpResponseMessage?> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException)
        {
            return null;
        }
    }

    private async Task<string?> SendAsync(int size, CancellationToken cancellation, string path = "/clawpdp.v1.DecisionService/AuthorizeBatch")
    {
        // The head of a frame, and the part of it that comes: an unknown field.
        var head = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), size);
        using var request = new HttpRequestMessage(HttpMethod.Post, _sidecar.GrpcAddress + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Unfinished([.. head, .. Message(PartSize)], "application/grpc", cancellation),
        };
        request.Headers.TE.ParseAdd("trailers");
        using var answer = await AnswerAsync(request, cancellation);
        return answer?.Headers.TryGetValues("grpc-status", out var values) is true ? string.Concat(values) : null;
    }

    // A client of HTTP/1.1 reads no answer before all is sent.
    private async Task<string?> PostAsync(string path, CancellationToken cancellation)
    {
        var address = new Uri(_sidecar.HttpAddress);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, cancellation);
            var head = $"POST {path} HTTP/1.1\r\nhost: {address.Authority}\r\ncontent-type: application/json\r\ncontent-length: {PartSize + 1}\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), cancellation);
            await client.GetStream().WriteAsync(new byte[PartSize], cancellation);
            using var reader = new StreamReader(client.GetStream());
            var (answer, part) = ("", new char[4096]);
            while (!answer.Contains('}', StringComparison.Ordinal) && await reader.ReadAsync(part, cancellation) is > 0 and var length)
            {
                answer += new string(part, 0, length);
            }

            return answer;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // One field that nobody knows, of a length that makes the whole.
    private static byte[] Message(int size)
    {
        var message = new byte[size];
        using var output = new CodedOutputStream(message);
        output.WriteTag(1000, WireFormat.WireType.LengthDelimited);
        output.WriteLength(size - HeadSize);
        return message;
    }

    private sealed class Unfinished : HttpContent
    {
        private readonly byte[] _part;
        private readonly CancellationToken _cancellation;

        public Unfinished(byte[] part, string mediaType, CancellationToken cancellation)
        {
            _part = part;
            _cancellation = cancellation;
            Headers.TryAddWithoutValidation("content-type", mediaType);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_part, _cancellation);
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
