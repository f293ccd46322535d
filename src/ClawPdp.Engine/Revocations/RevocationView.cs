using System.Collections.Concurrent;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Revocations;

/// <summary>
/// Everything revoked, as the engine sees it; the durable record is the ledger's. The cost of a question does not grow with how much is
/// revoked, and what can cover no token any more is dropped. Safe for concurrent use.
/// </summary>
public sealed class RevocationView
{
    private readonly ConcurrentDictionary<UInt128, long> _revoked = new();
    private readonly TimeSpan? _ageMax;
    private long _issuedBefore = long.MinValue;
    private long _confirmedTicks;

    /// <summary>Initializes a new instance of the <see cref="RevocationView"/> class.</summary>
    /// <param name="ageMax">
    /// For a view of revocations that are made elsewhere: how old what was last heard may be before nothing is allowed any more; it is
    /// stale until <see cref="Confirm"/> is called first. <see langword="null"/> for one's own revocations, which are never stale.
    /// </param>
    public RevocationView(TimeSpan? ageMax = null) => _ageMax = ageMax;

    /// <summary>Gets a value indicating whether nothing is revoked by name.</summary>
    public bool IsEmpty => _revoked.IsEmpty;

    /// <summary>Gets how many targets are held.</summary>
    public int Count => _revoked.Count;

    /// <summary>Adds a revocation; it holds for every question that is asked after the return.</summary>
    /// <param name="kind">What is named; for an instant see <see cref="RevokeIssuedBefore"/>.</param>
    /// <param name="value">The exact value.</param>
    /// <param name="expiresAt">From when no token can be covered any more; <see langword="null"/> for never. The later of two holds.</param>
    public void Revoke(RevocationKind kind, string value, DateTimeOffset? expiresAt = null)
    {
        if (kind is RevocationKind.Unspecified or RevocationKind.IssuedBefore)
        {
            throw new ArgumentOutOfRangeException(nameof(kind), "a kind with a text value is expected");
        }

        var mark = RevocationMark.Of(kind, value);
        var end = expiresAt?.UtcTicks ?? long.MaxValue;
        if (!_revoked.TryAdd(mark, end))
        {
            _revoked.AddOrUpdate(mark, static (_, own) => own, static (_, known, own) => Math.Max(known, own), end);
        }
    }

    /// <summary>Refuses every token issued before an instant, in epoch seconds; an earlier instant than one given before changes nothing.</summary>
    public void RevokeIssuedBefore(long epochSeconds) => Raise(ref _issuedBefore, epochSeconds);

    /// <summary>Drops what covers no token any more, and gives how many that were.</summary>
    /// <param name="now">The instant, by a clock that is never set back in the life of this view: what is dropped stays dropped.</param>
    public int DropExpired(DateTimeOffset now)
    {
        var dropped = 0;
        foreach (var entry in _revoked)
        {
            // Taken out only with the end that was seen: a longer one given meanwhile stays.
            if (entry.Value <= now.UtcTicks && _revoked.TryRemove(entry))
            {
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>Tells whether a revocation names this very value.</summary>
    public bool Names(RevocationKind kind, string value) => !_revoked.IsEmpty && Has(RevocationMark.Of(kind, value));

    /// <summary>Tells whether a token, or one that it descends from, is covered by any revocation.</summary>
    public bool IsRevoked(VerifiedToken token) => IsRevoked(token.Traits);

    /// <summary>Tells whether a token with these traits is or would be covered by any revocation.</summary>
    public bool IsRevoked(RevocableTraits traits)
    {
        if (traits.OldestIssuedAt < Interlocked.Read(ref _issuedBefore))
        {
            return true;
        }

        return !_revoked.IsEmpty && HasAny(traits.Marks.AsSpan());
    }

    /// <summary>Says that the view is complete as of an instant; an earlier one than said before changes nothing.</summary>
    public void Confirm(DateTimeOffset asOf) => Raise(ref _confirmedTicks, asOf.UtcTicks);

    /// <summary>Gives how old the view is: zero for one's own revocations, and the time since the year 1 for one that was never confirmed.</summary>
    public TimeSpan AgeAt(DateTimeOffset now)
    {
        var ticks = _ageMax is null ? 0 : now.UtcTicks - Interlocked.Read(ref _confirmedTicks);
        return TimeSpan.FromTicks(Math.Max(0, ticks));
    }

    /// <summary>Tells whether the view is too old to tell that a token is not revoked.</summary>
    public bool IsStaleAt(DateTimeOffset now) => _ageMax is { } bound && AgeAt(now) > bound;

    internal bool HasAny(ReadOnlySpan<UInt128> marks)
    {
        foreach (var mark in marks)
        {
            if (Has(mark))
            {
                return true;
            }
        }

        return false;
    }

    private static void Raise(ref long place, long value)
    {
        for (var seen = Interlocked.Read(ref place); value > seen;)
        {
            var replaced = Interlocked.CompareExchange(ref place, value, seen);
            if (replaced == seen)
            {
                return;
            }

            seen = replaced;
        }
    }

    private bool Has(UInt128 mark) => _revoked.ContainsKey(mark);
}
