using System.Security.Cryptography;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClawPdp.Client;

/// <summary>
/// Keeps answers that the sidecar marked as good for a while: those of the epoch that the stream told last, and none while no stream is open.
/// An answer ends at its time by the clock, and also as long after its question as the sidecar said, by a clock that is never set.
/// </summary>
internal sealed class DecisionCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly Queue<UInt128> _order = [];
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private ulong _epoch;

    /// <param name="capacity">The most that is kept, at least 1.</param>
    /// <param name="time">The clock.</param>
    public DecisionCache(int capacity, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _time = time;
    }

    /// <summary>Gets how many answers are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Gives the key of a question, the token included; whoever makes questions up cannot make one that counts as another.</summary>
    public static UInt128 KeyOf(AuthorizeRequest question)
    {
        // Equal questions have equal bytes: the only map is written in the order in which it was filled, which is that of its keys.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(question.ToByteArray(), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Takes the epoch that the stream tells; everything kept is dropped. 0: the stream is not open.</summary>
    public void Follow(ulong epoch)
    {
        lock (_lock)
        {
            _epoch = epoch;
            _entries.Clear();
            _order.Clear();
        }
    }

    /// <summary>Gives the answer that is kept for a question and still good.</summary>
    public AuthorizationDecision? Find(UInt128 key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return null;
            }

            if (_time.GetUtcNow() < entry.Decision.CacheableUntil && _time.GetElapsedTime(entry.SentAt) < entry.Lifetime)
            {
                return entry.Decision with { IsCached = true };
            }

            // What has ended stays so, also when the clock is set back.
            _entries[key] = entry with { Lifetime = TimeSpan.Zero };
            return null;
        }
    }

    /// <summary>Keeps an answer, if it may be kept.</summary>
    /// <returns>Whether it is kept.</returns>
    /// <param name="key">The question's key.</param>
    /// <param name="decision">The answer.</param>
    /// <param name="sentAt">When the question was sent, of the clock that is never set.</param>
    public bool Keep(UInt128 key, AuthorizationDecision decision, long sentAt)
    {
        if (decision.Status != StatusCode.OK || decision is not { CacheableUntil: { } until, DecidedAt: { } decidedAt } || until <= decidedAt || until <= _time.GetUtcNow())
        {
            return false;
        }

        lock (_lock)
        {
            if (_epoch == 0 || decision.Epoch != _epoch)
            {
                return false;
            }

            while (_entries.Count >= _capacity && !_entries.ContainsKey(key) && _order.TryDequeue(out var oldest))
            {
                _entries.Remove(oldest);
            }

            if (_entries.TryAdd(key, new Entry(decision, sentAt, until - decidedAt)))
            {
                _order.Enqueue(key);
            }
            else
            {
                _entries[key] = new Entry(decision, sentAt, until - decidedAt);
            }

            return true;
        }
    }

    private readonly record struct Entry(AuthorizationDecision Decision, long SentAt, TimeSpan Lifetime);
}
