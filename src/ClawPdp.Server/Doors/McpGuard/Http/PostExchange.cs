using System.IO.Pipelines;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>One message of the client that may go to the server, and what comes of it.</summary>
internal sealed class PostExchange
{
    private readonly HttpContext _context;
    private readonly McpHeaders _headers;
    private readonly McpMessage _message;
    private readonly McpGuardSession _session;
    private readonly SessionTable _sessions;

    private string? _sessionId;
    private EventPump? _pump;

    /// <param name="context">The client's request.</param>
    /// <param name="headers">What is taken over from it.</param>
    /// <param name="message">The message.</param>
    /// <param name="session">The guard.</param>
    /// <param name="sessions">Where a session that is opened is kept.</param>
    public PostExchange(HttpContext context, McpHeaders headers, McpMessage message, McpGuardSession session, SessionTable sessions)
    {
        _context = context;
        _headers = headers;
        _message = message;
        _session = session;
        _sessions = sessions;
        _sessionId = headers.SessionId;
    }

    // A client that can come back for the answer may get it then.
    private bool IsOpen => _pump is { HasPlace: true } && _sessionId is not null;

    /// <summary>Sends the message on and passes the answer. What is not answered, and cannot be any more, is signed for.</summary>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async Task RunAsync(Upstream upstream, ReadOnlyMemory<byte> onward, CancellationToken cancellation)
    {
        try
        {
            using var answer = await upstream.SendAsync(HttpMethod.Post, _headers, onward, cancellation);
            await TakeAsync(answer, cancellation);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            _session.Forget(_message.IdKey);
            await FailAsync("the server cannot be reached: nothing was done");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            await FailAsync("the connection to the server broke");
        }
        finally
        {
            if (!IsOpen)
            {
                await _session.AbandonAsync(_message.IdKey);
            }
        }
    }

    private async Task TakeAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
        {
            await PassStatusAsync(answer);
        }
        else if (!_message.IsRequest)
        {
            _context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (!await TryOpenAsync(answer))
        {
            await FailAsync("the server gave its session an id that is none of the protocol's");
        }
        else if (UpstreamAnswer.IsOf(answer, ContentTypes.Json))
        {
            await PassMessageAsync(answer, cancellation);
        }
        else if (UpstreamAnswer.IsOf(answer, ContentTypes.EventStream))
        {
            await PassEventsAsync(answer, cancellation);
        }
        else
        {
            await FailAsync("the server answered in a form that is none of the protocol's");
        }
    }

    private async Task<bool> TryOpenAsync(HttpResponseMessage answer)
    {
        if (_message.Method is not "initialize" || _sessionId is not null)
        {
            return true;
        }

        if (!UpstreamAnswer.TryReadSession(answer, out var opened))
        {
            return false;
        }

        if (opened is not null)
        {
            await _sessions.AddAsync(opened, _session);
            _sessionId = opened;
            _context.Response.Headers[McpHeaders.Session] = opened;
        }

        return true;
    }

    private async Task PassMessageAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (await UpstreamAnswer.ReadAsync(answer, cancellation) is { IsResponse: true } message
            && string.Equals(message.IdKey, _message.IdKey, StringComparison.Ordinal)
            && await _session.FromServerAsync(message, cancellation) is { } passed)
        {
            await McpReply.WriteAsync(_context, StatusCodes.Status200OK, passed);
            return;
        }

        await FailAsync("the server answered something that is no answer to this");
    }

    private async Task PassEventsAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var client = await McpReply.BeginEventsAsync(_context, cancellation);
        _pump = new EventPump(_session, _message.IdKey);
        await _pump.PassAsync(answer, client, cancellation);
        if (!IsOpen && await _session.AbandonAsync(_message.IdKey))
        {
            await WriteEventAsync(client, McpAnswers.NoAnswer(_message.Id, "the server ended its answer before there was one"), cancellation);
        }
    }

    // What speaks of the client's request, such as a session that is over, is told as it was; a fault of the server is an error of the call.
    private async Task PassStatusAsync(HttpResponseMessage answer)
    {
        if (_sessionId is not null && answer.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            await _sessions.RemoveAsync(_sessionId);
        }

        var status = UpstreamAnswer.StatusOf(answer);
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            _context.Response.Headers.WWWAuthenticate = UpstreamAnswer.ChallengeOf(answer);
        }

        await FailAsync($"the server refused it with the HTTP status {(int)answer.StatusCode}", status == StatusCodes.Status502BadGateway ? null : status);
    }

    private async Task FailAsync(string message, int? status = null)
    {
        await _session.AbandonAsync(_message.IdKey);
        if (!_context.Response.HasStarted)
        {
            var refused = status ?? (_message.IsRequest ? StatusCodes.Status200OK : StatusCodes.Status502BadGateway);
            await McpReply.WriteAsync(_context, refused, McpAnswers.NoAnswer(_message.Id, message));
        }
    }

    private static Task WriteEventAsync(PipeWriter client, byte[] message, CancellationToken cancellation) =>
        SseWriter.WriteAsync(client, new SseEvent(null, null, message), cancellation);
}
