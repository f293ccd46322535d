using System.IO.Pipelines;
using ClawPdp.Server.Overload;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>The time of a big message that is not whole, and of many small ones that nobody has read yet.</summary>
public sealed class BudgetedBodyTests : IDisposable
{
    private const int BigSize = 3 * BodyBudget.FreeSize;
    private const int SmallSize = 1024;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly FakeTimeProvider _time = new();
    private readonly BodyBudget _budget = new(sizeMax: 100L * BigSize);
    private readonly BudgetedBody _body;

    public BudgetedBodyTests() => _body = Of(BodyKind.Many);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _body.Dispose();
        Assert.Equal(0, _budget.Size);
    }

    [Fact]
    public async Task ReadAsync_PartOfABigMessage_EndsAfterItsTime()
    {
        await SendAsync(BigSize);
        await WaitForMoreAsync();
        _time.Advance(BudgetedBody.TimeMax - TimeSpan.FromSeconds(1));
        var reading = _body.ReadAsync(Cancellation).AsTask();
        await SendAsync(SmallSize);
        var buffer = (await reading).Buffer;
        _body.AdvanceTo(buffer.Start, buffer.End);
        var last = _body.ReadAsync(Cancellation).AsTask();

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => last)).StatusCode);
    }

    [Fact]
    public async Task ReadAsync_ManySmallMessagesThatLieThere_AreReadHoweverLongItTakes()
    {
        await SendAsync(BigSize);
        for (var left = BigSize; left > 0; left -= SmallSize)
        {
            Assert.Equal(left, await TakeAsync(SmallSize));
            _time.Advance(BudgetedBody.TimeMax);
        }

        Assert.Equal(0, _budget.Size);
    }

    [Fact]
    public async Task ReadAsync_ABigMessageBehindAnother_HasItsOwnTime()
    {
        await SendAsync(BigSize);
        await WaitForMoreAsync();
        _time.Advance(BudgetedBody.TimeMax - TimeSpan.FromSeconds(1));
        await SendAsync(BigSize);
        await TakeAsync(BigSize);

        await WaitForMoreAsync();
        _time.Advance(BudgetedBody.TimeMax - TimeSpan.FromSeconds(1));
        var reading = _body.ReadAsync(Cancellation).AsTask();
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<RpcException>(() => reading);
    }

    [Fact]
    public async Task ReadAsync_OneWholeMessageOfABodyThatIsNotOver_CountsAndEndsAfterItsTime()
    {
        using var body = Of(BodyKind.One);
        await SendAsync(BigSize);
        body.AdvanceTo((await body.ReadAsync(Cancellation)).Buffer.End);
        Assert.Equal(BigSize - BodyBudget.FreeSize, _budget.Size);
        var reading = body.ReadAsync(Cancellation).AsTask();
        _time.Advance(BudgetedBody.TimeMax - TimeSpan.FromTicks(1));
        Assert.False(reading.IsCompleted);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => reading)).StatusCode);
    }

    [Fact]
    public async Task ReadAsync_OneWholeMessageOfABodyThatIsOver_GivesItsRoomBack()
    {
        using var body = Of(BodyKind.One);
        await SendAsync(BigSize);
        body.AdvanceTo((await body.ReadAsync(Cancellation)).Buffer.End);
        await _pipe.Writer.CompleteAsync();

        var end = await body.ReadAsync(Cancellation);
        body.AdvanceTo(end.Buffer.End);

        Assert.True(end.IsCompleted);
        Assert.Equal(0, _budget.Size);
    }

    [Theory]
    [InlineData(BodyBudget.FreeSize, true)]
    [InlineData(BodyBudget.FreeSize + 1, false)]
    public async Task ReadAsync_RequestOfAStreamOfAnswers_IsSmall(int size, bool isTaken)
    {
        using var body = Of(BodyKind.Small);
        await SendAsync(size);

        if (isTaken)
        {
            Assert.Equal(size, (await body.ReadAsync(Cancellation)).Buffer.Length);
        }
        else
        {
            Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => body.ReadAsync(Cancellation).AsTask())).StatusCode);
        }
    }

    private BudgetedBody Of(BodyKind kind) => new(_pipe.Reader, _budget, "peer", kind, _time);

    private async Task SendAsync(int size) => await _pipe.Writer.WriteAsync(new byte[size], Cancellation);

    // As the reader of gRPC does with a message that is not whole.
    private async Task WaitForMoreAsync()
    {
        var buffer = (await _body.ReadAsync(Cancellation)).Buffer;
        _body.AdvanceTo(buffer.Start, buffer.End);
    }

    // And with one that is.
    private async Task<long> TakeAsync(int size)
    {
        var buffer = (await _body.ReadAsync(Cancellation)).Buffer;
        var length = buffer.Length;
        _body.AdvanceTo(buffer.GetPosition(size));
        return length;
    }
}
