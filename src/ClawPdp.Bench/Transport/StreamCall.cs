using System.Diagnostics;
using ClawPdp.Bench.Calls;
using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Transport;

/// <summary>
/// One open stream, whose answers come in the order of its questions. What is asked while a write is under way goes out together with the next.
/// A stream that has ended answers nothing more: every further question on it is an error.
/// </summary>
internal sealed class StreamCall : IAsyncDisposable
{
    /// <summary>What a question on a stream that has ended well counts as.</summary>
    public const string Ended = "STREAM_ENDED";

    private static readonly TimeSpan PauseAfterEnd = TimeSpan.FromMilliseconds(10);

    private readonly Lock _turn = new();
    private readonly Queue<PendingAnswer> _waiting = new();
    private readonly DuplexContent _content = new();
    private readonly HttpRequestMessage _request;
    private readonly HttpMessageInvoker _connection;
    private readonly QuestionFrames _frames;
    private readonly CallProofs? _proofs;
    private readonly CancellationTokenSource _end = new();
    private FrameBuffer _next = new();
    private FrameBuffer _underWay = new();
    private bool _isWriting;
    private string? _fault;
    private Stream _body = Stream.Null;
    private Task _reading = Task.CompletedTask;

    public StreamCall(HttpMessageInvoker connection, Uri method, QuestionFrames frames, CallProofs? proofs)
    {
        _connection = connection;
        _frames = frames;
        _proofs = proofs;
        _request = CallHeaders.Request(method, _content);
    }

    /// <summary>Opens the stream, with proofs for every token of the run where there is a key: a stream takes none later. The answer's headers come with the first answer at the earliest, and are not waited for.</summary>
    public async Task OpenAsync()
    {
        if (_proofs is not null && !await _proofs.PutAsync(_request).ConfigureAwait(false))
        {
            FailAll(CallProofs.NotMade);
            return;
        }

        _reading = ReadAsync();
        try
        {
            _body = await _content.Opened.ConfigureAwait(false);
        }
        catch (Exception exception) when (CallStatus.IsTransport(exception))
        {
            FailAll(CallStatus.NameOf(exception));
        }
    }

    /// <summary>Asks a question.</summary>
    public ValueTask<CallOutcome> AskAsync(PendingAnswer slot, long question)
    {
        ValueTask<CallOutcome> answer;
        bool isFirst;
        lock (_turn)
        {
            if (_fault is { } fault)
            {
                return RefuseAsync(fault);
            }

            var length = _frames.LengthOf(question);
            var inner = _next.Begin(length);
            _frames.Write(inner, question);
            answer = slot.Begin(question, Stopwatch.GetTimestamp(), _next.LastLength);
            _waiting.Enqueue(slot);
            isFirst = !_isWriting;
            _isWriting = true;
        }

        if (isFirst)
        {
            _ = WriteAsync();
        }

        return answer;
    }

    /// <summary>Ends the stream where its oldest question has waited for too long.</summary>
    public void EndIfStuck()
    {
        bool isStuck;
        lock (_turn)
        {
            isStuck = _waiting.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.Asked) > BenchLimits.CallTimeout;
        }

        if (isStuck)
        {
            _end.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _content.Close();
        await _end.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        await _body.DisposeAsync().ConfigureAwait(false);
        _content.Dispose();
        _request.Dispose();
        _end.Dispose();
    }

    // A caller must not turn a dead stream into millions of errors.
    private static async ValueTask<CallOutcome> RefuseAsync(string fault)
    {
        await Task.Delay(PauseAfterEnd, TimeProvider.System).ConfigureAwait(false);
        return new CallOutcome(fault, 0, 0);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                lock (_turn)
                {
                    if (_next.IsEmpty)
                    {
                        _isWriting = false;
                        return;
                    }

                    (_next, _underWay) = (_underWay, _next);
                }

                await _body.WriteAsync(_underWay.Bytes, _end.Token).ConfigureAwait(false);
                await _body.FlushAsync(_end.Token).ConfigureAwait(false);
                _underWay.Clear();
            }
        }
        catch (Exception exception) when (CallStatus.IsTransport(exception))
        {
            FailAll(CallStatus.NameOf(exception));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            using var response = await _connection.SendAsync(_request, _end.Token).ConfigureAwait(false);
            if (response.StatusCode == System.Net.HttpStatusCode.OK)
            {
                var fault = await ReadAnswersAsync(response.Content).ConfigureAwait(false);
                FailAll(fault ?? CallHeaders.StatusOf(response) ?? Ended);
            }
            else
            {
                FailAll("HTTP status " + (int)response.StatusCode);
            }
        }
        catch (Exception exception) when (CallStatus.IsTransport(exception))
        {
            _content.Fail(exception);
            FailAll(CallStatus.NameOf(exception));
        }
    }

    private async Task<string?> ReadAnswersAsync(HttpContent content)
    {
        var stream = await content.ReadAsStreamAsync(_end.Token).ConfigureAwait(false);
        var buffer = new byte[BenchLimits.TokenLengthMax];
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), _end.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            length += read;
            var used = TakeAll(buffer.AsSpan(0, length));
            if (used < 0)
            {
                return AnswerCheck.Broken;
            }

            buffer.AsSpan(used, length - used).CopyTo(buffer);
            length -= used;
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    /// <summary>Hands every whole answer to who waits for it.</summary>
    /// <returns>How many bytes that were; -1 where it is no stream of answers.</returns>
    private int TakeAll(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (true)
        {
            var length = GrpcFrame.MessageLength(bytes[used..], BenchLimits.MessageMaxBytes);
            if (length == GrpcFrame.Unusable)
            {
                return -1;
            }

            var end = used + GrpcFrame.HeadLength + length;
            if (length == GrpcFrame.Incomplete || end > bytes.Length)
            {
                return used;
            }

            PendingAnswer? slot;
            lock (_turn)
            {
                _waiting.TryDequeue(out slot);
            }

            if (slot is null)
            {
                return -1;
            }

            var fault = AnswerCheck.StreamAnswer(bytes[(used + GrpcFrame.HeadLength)..end], slot.Question, _frames.IsDenied(slot.Question));
            slot.End(fault, GrpcFrame.HeadLength + length);
            used = end;
        }
    }

    private void FailAll(string fault)
    {
        PendingAnswer[] waiting;
        lock (_turn)
        {
            _fault ??= fault;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var slot in waiting)
        {
            slot.End(fault, 0);
        }
    }
}
