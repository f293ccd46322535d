namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>The sessions that were opened through the guard, by the id that the server gave. Any other one is not served: what waits in it is not known.</summary>
internal sealed class SessionTable
{
    /// <summary>The most sessions. One more ends the one that was used least recently.</summary>
    public const int CountMax = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (McpGuardSession Session, long UsedAt)> _sessions = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>Finds a session, which counts as used.</summary>
    public McpGuardSession? Find(string id)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(id, out var found))
            {
                return null;
            }

            _sessions[id] = found with { UsedAt = ++_clock };
            return found.Session;
        }
    }

    /// <summary>Adds a session. The one that it takes the place of is at its end.</summary>
    public Task AddAsync(string id, McpGuardSession session)
    {
        McpGuardSession? ended = null;
        lock (_gate)
        {
            if (_sessions.Remove(id, out var same))
            {
                ended = same.Session;
            }
            else if (_sessions.Count == CountMax && _sessions.Remove(_sessions.MinBy(static entry => entry.Value.UsedAt).Key, out var oldest))
            {
                ended = oldest.Session;
            }

            _sessions.Add(id, (session, ++_clock));
        }

        return ended?.EndAsync() ?? Task.CompletedTask;
    }

    /// <summary>Ends a session: what waits in it is signed for.</summary>
    public Task RemoveAsync(string id)
    {
        McpGuardSession? ended;
        lock (_gate)
        {
            ended = _sessions.Remove(id, out var found) ? found.Session : null;
        }

        return ended?.EndAsync() ?? Task.CompletedTask;
    }

    /// <summary>Ends all sessions.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_sessions.Values.Select(static entry => entry.Session.EndAsync()).ToArray());
        }
    }
}
