using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Streams;

/// <summary>When the answers of a stream leave, and in which order.</summary>
public sealed class AnswerStreamTests
{
    private readonly Written _written = new();

    [Fact]
    public async Task WriteUntil_NextQuestionNotThere_SendsAtOnce()
    {
        var answers = Stream();
        answers.Add(Answer("1"));

        await answers.WriteUntilAsync(new TaskCompletionSource().Task);

        Assert.Equal([("1", false)], _written.Answers);
    }

    [Fact]
    public async Task WriteUntil_NextQuestionThere_KeepsTheAnswerForCompany()
    {
        var answers = Stream();
        answers.Add(Answer("1"));
        await answers.WriteUntilAsync(Task.CompletedTask);
        Assert.Empty(_written.Answers);

        answers.Add(Answer("2"));
        await answers.WriteUntilAsync(new TaskCompletionSource().Task);

        Assert.Equal([("1", true), ("2", false)], _written.Answers);
    }

    [Fact]
    public async Task WriteUntil_LaterAnswerIsReadyFirst_KeepsTheOrder()
    {
        var answers = Stream();
        var slow = new TaskCompletionSource<AuthorizeResponse>();
        answers.Add(new ValueTask<AuthorizeResponse>(slow.Task));
        answers.Add(Answer("2"));
        var writing = answers.WriteUntilAsync(new TaskCompletionSource().Task);
        Assert.Empty(_written.Answers);

        slow.SetResult(new AuthorizeResponse { RequestId = "1" });
        await writing;

        Assert.Equal([("1", true), ("2", false)], _written.Answers);
    }

    [Fact]
    public async Task WriteUntil_QuestionsWithoutEnd_SendsNowAndThen()
    {
        var answers = Stream();
        for (var question = 0; question < 1_000; question++)
        {
            answers.Add(Answer("q"));
            await answers.WriteUntilAsync(Task.CompletedTask);
        }

        await answers.WriteAllAsync();

        Assert.Equal(1_000, _written.Answers.Count);
        var last = -1;
        foreach (var place in _written.Answers.Index().Where(static answer => !answer.Item.IsKept).Select(static answer => answer.Index))
        {
            Assert.InRange(place - last, 1, AnswerStream.InFlightMax + 1);
            last = place;
        }

        Assert.Equal(999, last);
    }

    private static ValueTask<AuthorizeResponse> Answer(string requestId) => ValueTask.FromResult(new AuthorizeResponse { RequestId = requestId });

    private AnswerStream Stream() => new(_written, TestContext.Current.CancellationToken);

    private sealed class Written : IServerStreamWriter<AuthorizeStreamResponse>
    {
        public List<(string RequestId, bool IsKept)> Answers { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(AuthorizeStreamResponse message)
        {
            Answers.Add((message.Response.RequestId, WriteOptions?.Flags is WriteFlags.BufferHint));
            return Task.CompletedTask;
        }

        public Task WriteAsync(AuthorizeStreamResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
