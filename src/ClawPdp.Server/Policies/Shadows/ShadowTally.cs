using System.Collections.Concurrent;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Policies.Shadows;

/// <summary>Counts what one candidate would have answered otherwise. Safe for concurrent use.</summary>
internal sealed class ShadowTally
{
    private readonly ConcurrentDictionary<ShadowPair, Entry> _differences = new();
    private long _compared;
    private long _differed;

    public ShadowTally(string policyHash, string audience, DateTimeOffset since, int sampleInterval)
    {
        PolicyHash = policyHash;
        Audience = audience;
        Since = since;
        SampleInterval = sampleInterval;
    }

    /// <summary>Gets the candidate.</summary>
    public string PolicyHash { get; }

    /// <summary>Gets the audience; empty for all without their own.</summary>
    public string Audience { get; }

    /// <summary>Gets since when it counts.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Gets every how many differences one is sampled.</summary>
    public int SampleInterval { get; }

    /// <summary>Gets how many questions were put to both.</summary>
    public long Compared => Interlocked.Read(ref _compared);

    /// <summary>Gets how many were answered differently.</summary>
    public long Differed => Interlocked.Read(ref _differed);

    /// <summary>Gets the differences, the most frequent first.</summary>
    public IReadOnlyList<ShadowCount> Differences =>
    [
        .. _differences.Select(static difference => new ShadowCount(difference.Key, difference.Value.Count, difference.Value.SampleDecisionId))
            .OrderByDescending(static difference => difference.Count)
            .ThenBy(static difference => difference.Pair.Live)
            .ThenBy(static difference => difference.Pair.Candidate),
    ];

    /// <summary>Counts a question.</summary>
    /// <returns>Whether its record shall hold the difference.</returns>
    public bool Count(ReasonCode live, ReasonCode candidate, string decisionId)
    {
        Interlocked.Increment(ref _compared);
        if (live == candidate)
        {
            return false;
        }

        // Of each kind every nth, so that a rare kind is sampled beside a frequent one.
        Interlocked.Increment(ref _differed);
        var entry = _differences.GetOrAdd(new ShadowPair(live, candidate), static _ => new Entry());
        var isSampled = (entry.Add() - 1) % SampleInterval == 0;
        if (isSampled)
        {
            entry.SampleDecisionId = decisionId;
        }

        return isSampled;
    }

    private sealed class Entry
    {
        private long _count;
        private string _sampleDecisionId = "";

        public long Count => Interlocked.Read(ref _count);

        public string SampleDecisionId
        {
            get => Volatile.Read(ref _sampleDecisionId);
            set => Volatile.Write(ref _sampleDecisionId, value);
        }

        public long Add() => Interlocked.Increment(ref _count);
    }
}
