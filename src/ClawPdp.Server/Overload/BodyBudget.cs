namespace ClawPdp.Server.Overload;

/// <summary>
/// Bounds what the bodies of requests hold in memory before they are read whole, as nobody has shown anything by then. What is small is free, so that
/// whoever asks small questions is never kept out by those who send much. Safe for concurrent use.
/// </summary>
internal sealed class BodyBudget
{
    /// <summary>How much of each body is free, in bytes.</summary>
    public const int FreeSize = 65_536;

    // One of this many of the whole is a peer's.
    private const int PeerPart = 4;

    private readonly Lock _taking = new();
    private readonly NamedCounts<string> _peers = new(StringComparer.Ordinal);
    private readonly long _sizeMax;
    private long _size;

    /// <param name="sizeMax">How much all bodies together may hold beyond what is free, in bytes.</param>
    public BodyBudget(long sizeMax) => _sizeMax = sizeMax;

    /// <summary>Gets how much is held, in bytes.</summary>
    public long Size
    {
        get
        {
            lock (_taking)
            {
                return _size;
            }
        }
    }

    /// <summary>Takes room for a part of a body, if there is any.</summary>
    public bool TryTake(string peer, long size)
    {
        lock (_taking)
        {
            if (_size + size > _sizeMax || _peers.Of(peer) + size > _sizeMax / PeerPart)
            {
                return false;
            }

            _size += size;
            _peers.Add(peer, size);
            return true;
        }
    }

    /// <summary>Gives room back.</summary>
    public void Return(string peer, long size)
    {
        lock (_taking)
        {
            _size -= size;
            _peers.Take(peer, size);
        }
    }
}
