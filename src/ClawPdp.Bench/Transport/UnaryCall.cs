using ClawPdp.Bench.Calls;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Transport;

/// <summary>One slot's unary calls, one after the other: request and buffers are made once.</summary>
internal sealed class UnaryCall : IDisposable
{
    private const int AnswerLength = 4_096;

    private readonly HttpMessageInvoker _connection;
    private readonly HttpRequestMessage _request;
    private readonly FrameContent _content;
    private CancellationTokenSource _deadline = new();
    private byte[] _answer = new byte[AnswerLength];

    public UnaryCall(HttpMessageInvoker connection, Uri method, int requestMax)
    {
        _connection = connection;
        _content = new FrameContent(requestMax);
        _request = CallHeaders.Request(method, _content);
    }

    /// <summary>Gets where the request's frame is to be written.</summary>
    public Span<byte> Request => _content.Bytes;

    /// <summary>Puts proofs for tokens on the request.</summary>
    /// <returns>Whether all were made.</returns>
    public ValueTask<bool> ProveAsync(CallProofs proofs, IEnumerable<int> tokens) => proofs.PutAsync(_request, tokens);

    /// <summary>Sends the request and reads the whole answer.</summary>
    /// <param name="length">How long the frame is.</param>
    public async ValueTask<CallAnswer> SendAsync(int length)
    {
        _content.Length = length;
        if (!_deadline.TryReset())
        {
            _deadline.Dispose();
            _deadline = new CancellationTokenSource();
        }

        _deadline.CancelAfter(BenchLimits.CallTimeout);
        try
        {
            using var response = await _connection.SendAsync(_request, _deadline.Token).ConfigureAwait(false);
            if (response.StatusCode != System.Net.HttpStatusCode.OK)
            {
                return new CallAnswer("HTTP status " + (int)response.StatusCode, default);
            }

            var read = await ReadAsync(response.Content, _deadline.Token).ConfigureAwait(false);
            return read < 0 ? new CallAnswer("ANSWER_TOO_LONG", default) : new CallAnswer(CallHeaders.StatusOf(response), _answer.AsMemory(0, read));
        }
        catch (Exception exception) when (CallStatus.IsTransport(exception))
        {
            return new CallAnswer(CallStatus.NameOf(exception), default);
        }
    }

    public void Dispose()
    {
        _content.Dispose();
        _request.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<int> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        for (var length = 0; ;)
        {
            if (length == _answer.Length)
            {
                if (length >= BenchLimits.MessageMaxBytes)
                {
                    return -1;
                }

                Array.Resize(ref _answer, length * 2);
            }

            var count = await stream.ReadAsync(_answer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                return length;
            }

            length += count;
        }
    }
}
