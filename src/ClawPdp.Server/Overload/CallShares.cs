namespace ClawPdp.Server.Overload;

/// <summary>
/// Counts the calls under way, in total, of each peer and of each token. Beside its fixed bound nobody has more than is left for all
/// others, so that several who take all they can get still leave room for one who comes new. What is at zero is forgotten.
/// Safe for concurrent use.
/// </summary>
internal sealed class CallShares
{
    private readonly int _totalMax;
    private readonly int _peerMax;
    private readonly int _tokenMax;
    private readonly Lock _lock = new();
    private readonly NamedCounts<string> _peers = new(StringComparer.Ordinal);
    private readonly NamedCounts<UInt128> _tokens = new();
    private int _total;

    public CallShares(int totalMax, int peerMax, int tokenMax)
    {
        _totalMax = totalMax;
        _peerMax = peerMax;
        _tokenMax = tokenMax;
    }

    /// <summary>Gets how many calls are under way.</summary>
    public int Total => Volatile.Read(ref _total);

    /// <summary>Gets how many names are remembered.</summary>
    public int NameCount
    {
        get
        {
            lock (_lock)
            {
                return _peers.NameCount + _tokens.NameCount;
            }
        }
    }

    /// <summary>Counts a call, unless a share of it is full.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="token">The token, by a hash; <see langword="null"/> for none.</param>
    public FullShare TryEnter(string peer, UInt128? token)
    {
        lock (_lock)
        {
            var left = _totalMax - _total;
            if (left <= 0)
            {
                return FullShare.Total;
            }

            if (_peers.Of(peer) >= Math.Min(_peerMax, left))
            {
                return FullShare.Peer;
            }

            if (token is { } named)
            {
                if (_tokens.Of(named) >= Math.Min(_tokenMax, left))
                {
                    return FullShare.Token;
                }

                _tokens.Add(named);
            }

            _peers.Add(peer);
            _total++;
            return FullShare.None;
        }
    }

    /// <summary>Counts a call no longer.</summary>
    public void Leave(string peer, UInt128? token)
    {
        lock (_lock)
        {
            _total--;
            _peers.Take(peer);
            if (token is { } named)
            {
                _tokens.Take(named);
            }
        }
    }
}
