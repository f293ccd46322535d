using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A stream of questions to a sidecar, on a connection of its own.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    // No row takes as long.
    private static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(2);

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<AuthorizeStreamRequest, AuthorizeStreamResponse> _call;
    private Task<bool> _next;

    /// <param name="address">Host and port of gRPC.</param>
    public OpenStream(string address)
    {
        _channel = GrpcChannel.ForAddress("http://" + address);
        _call = new DecisionService.DecisionServiceClient(_channel).AuthorizeStream(deadline: DateTime.UtcNow + LifeMax);

        // As a caller that has a stream does: it hears of its end when that comes, and not when it asks again.
        _next = _call.ResponseStream.MoveNext();
    }

    /// <summary>Asks the next question, and waits for its answer with the patience of the other callers.</summary>
    public Task<string> AskAsync(string token) => MatrixWords.CallAsync(async () =>
    {
        try
        {
            return await ExchangeAsync(token).WaitAsync(MatrixDoor.Patience);
        }
        catch (TimeoutException)
        {
            return MatrixDoor.Silence;
        }
    });

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        _channel.Dispose();
        await _next.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private async Task<string> ExchangeAsync(string token)
    {
        try
        {
            await _call.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Cst = token, Tool = MatrixDoor.Tool } });
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The stream has ended; how, its answers say.
        }

        if (!await _next)
        {
            return "ended";
        }

        var answer = MatrixWords.Of(_call.ResponseStream.Current.Response);
        _next = _call.ResponseStream.MoveNext();
        return answer;
    }
}
