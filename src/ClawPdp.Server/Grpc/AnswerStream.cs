using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>
/// Writes the answers of a stream in the order of the questions. Those that wait for the disk are waited for together, and answers that
/// follow each other closely leave together.
/// </summary>
internal sealed class AnswerStream
{
    /// <summary>The most questions of one stream that are under way, and the most answers that leave together.</summary>
    public const int InFlightMax = 64;

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly IServerStreamWriter<AuthorizeStreamResponse> _responses;
    private readonly CancellationToken _cancellation;
    private readonly Queue<ValueTask<AuthorizeResponse>> _pending = new();
    private int _unsent;

    public AnswerStream(IServerStreamWriter<AuthorizeStreamResponse> responses, CancellationToken cancellation)
    {
        _responses = responses;
        _cancellation = cancellation;
    }

    /// <summary>Adds the answer to the next question.</summary>
    public void Add(ValueTask<AuthorizeResponse> answer) => _pending.Enqueue(answer);

    /// <summary>Writes what must be written before the next question is taken up: everything, unless that one is there already.</summary>
    /// <param name="next">Ends when the next question, or the end of the questions, is there.</param>
    public async Task WriteUntilAsync(Task next)
    {
        while (_pending.Count > 0 && (!next.IsCompleted || _pending.Count >= InFlightMax))
        {
            await WriteAsync(await _pending.Dequeue(), isFollowed: _pending.Count > 0 || next.IsCompleted);
        }
    }

    /// <summary>Writes all that is left.</summary>
    public async Task WriteAllAsync()
    {
        while (_pending.Count > 0)
        {
            await WriteAsync(await _pending.Dequeue(), isFollowed: _pending.Count > 0);
        }
    }

    // Whoever asks on and on without reading the answers must not make us hold them all: now and then the transport has its say.
    private Task WriteAsync(AuthorizeResponse response, bool isFollowed)
    {
        _unsent = isFollowed && _unsent < InFlightMax ? _unsent + 1 : 0;
        _responses.WriteOptions = _unsent > 0 ? Buffered : null;
        return _responses.WriteAsync(new AuthorizeStreamResponse { Response = response }, _cancellation);
    }
}
