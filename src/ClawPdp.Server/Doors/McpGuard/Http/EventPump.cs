using System.IO.Pipelines;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>Passes a stream of events from the server to the client, each after a look at what it says.</summary>
internal sealed class EventPump
{
    private readonly McpGuardSession _session;
    private readonly string? _answerTo;

    /// <param name="session">The guard.</param>
    /// <param name="answerTo">The key of the one request that the stream may answer; <see langword="null"/> where it may answer any that waits.</param>
    public EventPump(McpGuardSession session, string? answerTo)
    {
        _session = session;
        _answerTo = answerTo;
    }

    /// <summary>Gets a value indicating whether a client could come back to this stream: an event said where it stands.</summary>
    public bool HasPlace { get; private set; }

    /// <summary>Passes events until the stream ends. One that breaks has ended too: what is missing comes when the client comes back, or never.</summary>
    public async Task PassAsync(HttpResponseMessage answer, PipeWriter client, CancellationToken cancellation)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var reader = new SseReader(body);
            while (await reader.ReadAsync(cancellation) is { } item)
            {
                HasPlace |= item.Id is not null;
                if (await LookAsync(item, cancellation) is { } passed)
                {
                    await SseWriter.WriteAsync(client, passed, cancellation);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            await Output.NoteAsync($"clawpdp: mcp-guard: a stream of the server ended early: {exception.Message}");
        }
    }

    private async Task<SseEvent?> LookAsync(SseEvent item, CancellationToken cancellation)
    {
        if (item.Data is not { IsEmpty: false } data)
        {
            return item.Data is null || item.Id is not null || item.Retry is not null ? item : null;
        }

        if (McpMessage.TryRead(data, out var message, out _)
            && (!message.IsResponse || _answerTo is null || string.Equals(message.IdKey, _answerTo, StringComparison.Ordinal))
            && await _session.FromServerAsync(message, cancellation) is { } passed)
        {
            return item with { Data = passed };
        }

        await Output.NoteAsync("clawpdp: mcp-guard: something of the server that is no message of the protocol, or no answer to anything, was left out");
        return null;
    }
}
