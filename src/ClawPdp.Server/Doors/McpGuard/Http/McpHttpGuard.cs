using ClawPdp.Server.Cli;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>
/// The guard before a server of the Model Context Protocol over HTTP (Streamable HTTP, versions 2025-03-26 to 2025-11-25), as that server to its
/// clients. It passes messages; what may pass is for the session to say.
/// </summary>
internal sealed class McpHttpGuard
{
    private readonly RequestGate _gate;
    private readonly Upstream _upstream;
    private readonly Func<McpGuardSession> _newSession;
    private readonly SessionTable _sessions = new();

    /// <param name="gate">What is looked at first.</param>
    /// <param name="upstream">The server.</param>
    /// <param name="newSession">Makes the guard of a session.</param>
    public McpHttpGuard(RequestGate gate, Upstream upstream, Func<McpGuardSession> newSession)
    {
        _gate = gate;
        _upstream = upstream;
        _newSession = newSession;
    }

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stopping">Ends every wait.</param>
    public async Task AnswerAsync(HttpContext context, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await AnswerOnceAsync(context, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await McpReply.RefuseAsync(context, exception.StatusCode, "the request is no HTTP, or came too slowly");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await Output.NoteAsync($"clawpdp: mcp-guard: a request could not be finished: {exception.GetType().Name}");
            context.Abort();
        }
    }

    /// <summary>Signs for all calls that were made and never answered.</summary>
    public Task EndAsync() => _sessions.EndAsync();

    private async Task AnswerOnceAsync(HttpContext context, CancellationToken cancellation)
    {
        if (_gate.Find(context) is var (status, message))
        {
            await McpReply.RefuseAsync(context, status, message);
            return;
        }

        if (!McpHeaders.TryRead(context.Request.Headers, out var headers))
        {
            await McpReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "a header of the protocol comes twice, or is malformed");
            return;
        }

        var session = headers.SessionId is null ? _newSession() : _sessions.Find(headers.SessionId);
        if (session is null)
        {
            await McpReply.RefuseAsync(context, StatusCodes.Status404NotFound, "the session is not known here: start a new one");
            return;
        }

        await (context.Request.Method switch
        {
            "POST" => PostAsync(context, headers, session, cancellation),
            "GET" => ListenAsync(context, headers, session, cancellation),
            _ => DeleteAsync(context, headers, cancellation),
        });
    }

    private async Task PostAsync(HttpContext context, McpHeaders headers, McpGuardSession session, CancellationToken cancellation)
    {
        if (await DoorBody.ReadAsync(context, McpMessage.SizeMaxBytes) is not { } body)
        {
            await McpReply.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"a message is longer than {McpMessage.SizeMaxBytes} bytes");
            return;
        }

        if (!McpMessage.TryRead(body, out var message, out var fault))
        {
            await McpReply.WriteAsync(context, StatusCodes.Status400BadRequest, McpAnswers.Unreadable(fault));
            return;
        }

        var (onward, back) = await session.FromClientAsync(message, cancellation);
        if (onward is { } passed)
        {
            await new PostExchange(context, headers, message, session, _sessions).RunAsync(_upstream, passed, cancellation);
        }
        else if (back is not null)
        {
            await McpReply.WriteAsync(context, StatusCodes.Status200OK, back);
        }
        else
        {
            await McpReply.RefuseAsync(context, StatusCodes.Status400BadRequest, "a request has an id, and only a notification has none");
        }
    }

    private async Task ListenAsync(HttpContext context, McpHeaders headers, McpGuardSession session, CancellationToken cancellation)
    {
        if (await TrySendAsync(context, HttpMethod.Get, headers, cancellation) is not { } answer)
        {
            return;
        }

        using (answer)
        {
            if (UpstreamAnswer.IsOf(answer, ContentTypes.EventStream))
            {
                var client = await McpReply.BeginEventsAsync(context, cancellation);
                await new EventPump(session, answerTo: null).PassAsync(answer, client, cancellation);
                return;
            }

            await RefuseAsync(context, headers, answer);
        }
    }

    private async Task DeleteAsync(HttpContext context, McpHeaders headers, CancellationToken cancellation)
    {
        if (headers.SessionId is null)
        {
            await McpReply.RefuseAsync(context, StatusCodes.Status400BadRequest, $"{McpHeaders.Session} is missing");
            return;
        }

        if (await TrySendAsync(context, HttpMethod.Delete, headers, cancellation) is not { } answer)
        {
            return;
        }

        using (answer)
        {
            if (!answer.IsSuccessStatusCode)
            {
                await RefuseAsync(context, headers, answer);
                return;
            }

            await _sessions.RemoveAsync(headers.SessionId);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private async Task<HttpResponseMessage?> TrySendAsync(HttpContext context, HttpMethod method, McpHeaders headers, CancellationToken cancellation)
    {
        try
        {
            return await _upstream.SendAsync(method, headers, message: null, cancellation);
        }
        catch (HttpRequestException)
        {
            await McpReply.RefuseAsync(context, StatusCodes.Status502BadGateway, "the server cannot be reached");
            return null;
        }
    }

    private async Task RefuseAsync(HttpContext context, McpHeaders headers, HttpResponseMessage answer)
    {
        var status = UpstreamAnswer.StatusOf(answer);
        if (status == StatusCodes.Status404NotFound && headers.SessionId is not null)
        {
            await _sessions.RemoveAsync(headers.SessionId);
        }

        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            context.Response.Headers.WWWAuthenticate = UpstreamAnswer.ChallengeOf(answer);
        }

        await McpReply.RefuseAsync(context, status, $"the server answered with the HTTP status {(int)answer.StatusCode}");
    }
}
