using System.Collections.Concurrent;
using ClawPdp.Client;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Server.Cli;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>
/// One client and one server of the Model Context Protocol, with the guard between them. What the client asks for is asked of the sidecar first;
/// handshake, pings and notifications pass. It knows nothing of the transport, and all of it may be used at once.
/// </summary>
internal sealed class McpGuardSession
{
    /// <summary>The most requests that may wait for the server.</summary>
    public const int PendingMax = 1024;

    private const int CandidatesMax = 1024;
    private const string Notifications = "notifications/";
    private const string Cancelled = "notifications/cancelled";

    private readonly ClawPdpClient _client;
    private readonly Func<CancellationToken, ValueTask<string>> _token;
    private readonly string _server;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly AnsweredRequests? _answered;
    private readonly ConcurrentDictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);

    /// <param name="client">The sidecar.</param>
    /// <param name="token">Gives the agent's CST.</param>
    /// <param name="server">The server's name, which stands before the names of its tools.</param>
    /// <param name="timeout">How long listing may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="answered">Remembers what was asked, where the transport may play an answer back; <see langword="null"/> where it cannot.</param>
    public McpGuardSession(
        ClawPdpClient client,
        Func<CancellationToken, ValueTask<string>> token,
        string server,
        TimeSpan timeout,
        TimeProvider time,
        AnsweredRequests? answered = null)
    {
        _client = client;
        _token = token;
        _server = server;
        _timeout = timeout;
        _time = time;
        _answered = answered;
    }

    /// <summary>Takes what the client sends.</summary>
    /// <param name="utf8">One message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What goes on to the server, or what goes back to the client; nothing where both are <see langword="null"/>.</returns>
    public async Task<(ReadOnlyMemory<byte>? ToServer, byte[]? ToClient)> FromClientAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        McpMessage.TryRead(utf8, out var message, out var fault) ? await FromClientAsync(message, cancellation) : (null, McpAnswers.Unreadable(fault));

    /// <summary>Takes what the client sends.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What goes on to the server, or what goes back to the client; nothing where both are <see langword="null"/>.</returns>
    public async Task<(ReadOnlyMemory<byte>? ToServer, byte[]? ToClient)> FromClientAsync(McpMessage message, CancellationToken cancellation)
    {
        if (message.IsResponse)
        {
            return (message.Utf8, null);
        }

        if (!message.IsRequest)
        {
            // Anything else without an id would be done without an answer that could be a denial.
            var isNotification = message.Method?.StartsWith(Notifications, StringComparison.Ordinal) ?? false;
            if (message.Method is Cancelled && message.Params?.Find("requestId") is { } cancelled)
            {
                await AbandonAsync(JsonWriter.CanonicalText(cancelled));
            }

            return isNotification ? (message.Utf8, null) : (null, null);
        }

        if (_pending.Count >= PendingMax || _pending.ContainsKey(message.IdKey) || _answered?.TryUse(message.IdKey) is false)
        {
            return (null, McpAnswers.InUse(message.Id));
        }

        return message.Method switch
        {
            "initialize" or "ping" => Pass(message, PendingKind.Pass),
            "tools/list" => Pass(message, PendingKind.List),
            "tools/call" => await CallAsync(message, cancellation),
            _ => await AskAsync(message, cancellation),
        };
    }

    /// <summary>Takes what the server sends.</summary>
    /// <param name="utf8">One message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What goes on to the client; <see langword="null"/> for nothing.</returns>
    public async Task<ReadOnlyMemory<byte>?> FromServerAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        McpMessage.TryRead(utf8, out var message, out _) ? await FromServerAsync(message, cancellation) : null;

    /// <summary>Takes what the server sends.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What goes on to the client; <see langword="null"/> for nothing.</returns>
    public async Task<ReadOnlyMemory<byte>?> FromServerAsync(McpMessage message, CancellationToken cancellation)
    {
        if (!message.IsResponse)
        {
            return message.Utf8;
        }

        // An answer to nothing, or a second one, is none; unless the transport plays back the very one that was let through.
        if (!_pending.TryRemove(message.IdKey, out var pending))
        {
            return _answered?.Find(message) is { } earlier ? await AnswerAsync(message, earlier, cancellation) : null;
        }

        return pending is { Kind: PendingKind.Call, Action: { } action, Decision: { } decision }
            ? await SignAsync(message, action, decision, pending.StartedAt)
            : await AnswerAsync(message, pending.Kind, cancellation);
    }

    /// <summary>
    /// Gives up waiting for an answer. A server need not answer what is cancelled, and may have done it all the same: that a call was made is signed,
    /// without a result.
    /// </summary>
    /// <param name="id">The request's id as a key; nothing is done where nobody waits for it.</param>
    /// <returns>Whether somebody waited for it.</returns>
    public async Task<bool> AbandonAsync(string id)
    {
        if (!_pending.TryRemove(id, out var pending))
        {
            return false;
        }

        if (pending is { Kind: PendingKind.Call, Action: { } action, Decision: { } decision })
        {
            var report = new ActionReport { Status = ResultStatus.Timeout, Latency = _time.GetElapsedTime(pending.StartedAt) };
            try
            {
                await _client.SignReceiptAsync(action, decision, report, nonce: null, CancellationToken.None);
            }
            catch (ReceiptNotSignedException failure)
            {
                await Output.NoteAsync($"clawpdp: mcp-guard: a call without an answer: {failure.Message}");
            }
        }

        return true;
    }

    /// <summary>Forgets a request that did not reach the server: nothing was done.</summary>
    /// <param name="id">The request's id as a key.</param>
    public void Forget(string id) => _pending.TryRemove(id, out _);

    /// <summary>Signs for the calls that were made and never answered, once nothing more can come.</summary>
    public Task EndAsync() => Task.WhenAll(_pending.Keys.Select(AbandonAsync));

    // A name that is no tool's by the grammar stays: then it is denied by that grammar.
    private string ToolOf(string name) => $"{_server}/{name}";

    // Two at once with one id were both asked about: the second goes nowhere.
    private (ReadOnlyMemory<byte>? ToServer, byte[]? ToClient) Pass(McpMessage message, PendingKind kind, AgentAction? action = null, AuthorizationDecision? decision = null) =>
        _pending.TryAdd(message.IdKey, new PendingCall(kind, action, decision, _time.GetTimestamp())) ? (message.Utf8, null) : (null, McpAnswers.InUse(message.Id));

    private async Task<ReadOnlyMemory<byte>?> AnswerAsync(McpMessage message, PendingKind kind, CancellationToken cancellation)
    {
        _answered?.Keep(message, kind);
        return kind == PendingKind.List && message.Root.Find("result") is { } result ? await FilterAsync(message, result, cancellation) : message.Utf8;
    }

    private async Task<(ReadOnlyMemory<byte>? ToServer, byte[]? ToClient)> CallAsync(McpMessage message, CancellationToken cancellation)
    {
        if (message.Params is not { } parameters || !McpCall.TryRead(parameters, out var name, out var arguments) || !ExactNumbers.AreIn(parameters))
        {
            return (null, McpAnswers.Error(message.Id, McpAnswers.InvalidParams, "refused by ClawPdp: params: `name`, and `arguments` as an object without integers beyond 2^53, are expected"));
        }

        var action = new AgentAction { Tool = ToolOf(name), ArgumentsHash = Sha256.OfCanonical(arguments) };
        var decision = await _client.AuthorizeAsync(action, cancellation);
        return decision.IsAllowed ? Pass(message, PendingKind.Call, action, decision) : (null, McpAnswers.Deny(message.Id, decision));
    }

    // What is neither a call nor a handshake is asked about by the name of its method: reading a resource is an act, too.
    private async Task<(ReadOnlyMemory<byte>? ToServer, byte[]? ToClient)> AskAsync(McpMessage message, CancellationToken cancellation)
    {
        var action = new AgentAction { Tool = ToolOf(message.Method ?? ""), ArgumentsHash = Sha256.OfCanonical(message.Params ?? JsonValue.Null) };
        var decision = await _client.AuthorizeAsync(action, cancellation);
        return decision.IsAllowed ? Pass(message, PendingKind.Pass) : (null, McpAnswers.Deny(message.Id, decision));
    }

    private async Task<ReadOnlyMemory<byte>?> SignAsync(McpMessage message, AgentAction action, AuthorizationDecision decision, long startedAt)
    {
        var result = message.Root.Find("result");
        var isGood = result is not null && result.Find("isError") is not { IsTrue: true };
        var report = new ActionReport
        {
            Status = isGood ? ResultStatus.Success : ResultStatus.Error,
            ResultHash = Sha256.OfCanonical(result ?? message.Root.Find("error") ?? JsonValue.Null),
            Latency = _time.GetElapsedTime(startedAt),
        };
        try
        {
            // What was done is signed even when the client goes.
            await _client.SignReceiptAsync(action, decision, report, nonce: null, CancellationToken.None);
            _answered?.Keep(message, PendingKind.Call);
            return message.Utf8;
        }
        catch (ReceiptNotSignedException failure)
        {
            return McpAnswers.Unsigned(message.Id, failure);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> FilterAsync(McpMessage message, JsonValue result, CancellationToken cancellation)
    {
        if (result.Find("tools") is not { Kind: JsonKind.Array } tools)
        {
            return McpAnswers.Error(message.Id, McpAnswers.Denied, "denied: the server's list of tools cannot be read");
        }

        try
        {
            var allowed = new HashSet<string>(StringComparer.Ordinal);
            foreach (var part in tools.Items.Select(static tool => tool.FindText("name") ?? "").Where(static name => name.Length > 0).Chunk(CandidatesMax))
            {
                await AllowAsync(part, allowed, cancellation);
            }

            var kept = tools.Items.Where(tool => tool.FindText("name") is { } name && allowed.Contains(ToolOf(name)));
            var filtered = result.Members.Select(member => member.Name is "tools" ? new JsonMember(member.Name, JsonValue.ArrayOf([.. kept])) : member);
            return McpAnswers.Result(message.Id, JsonValue.ObjectOf([.. filtered]));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return McpAnswers.Error(message.Id, McpAnswers.Denied, $"denied: which tools are allowed cannot be found out: {(exception is RpcException failure ? failure.StatusCode : exception.GetType().Name)}");
        }
    }

    private async Task AllowAsync(IEnumerable<string> names, HashSet<string> allowed, CancellationToken cancellation)
    {
        var request = new ListAllowedRequest { Cst = await _token(cancellation), Kind = Dimension.Tool };

        // One that is too long to be asked about is not allowed, and would spoil the question for the others.
        request.Candidates.AddRange(names.Select(ToolOf).Where(static tool => System.Text.Encoding.UTF8.GetByteCount(tool) <= Grpc.RequestLimits.ToolMax));
        var listing = await new DecisionService.DecisionServiceClient(_client.Channel).ListAllowedAsync(request, deadline: _time.GetUtcNow().UtcDateTime + _timeout, cancellationToken: cancellation);
        if (listing.OutcomeCase == ListAllowedResponse.OutcomeOneofCase.Allowed)
        {
            allowed.UnionWith(listing.Allowed.Names);
        }
    }
}
