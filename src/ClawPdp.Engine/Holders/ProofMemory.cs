using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Engine.Holders;

/// <summary>
/// Remembers the proofs that were used, for as long as each could hold. Bounded: two generations by time, each of as many as the most;
/// what finds no room is not taken. Safe for concurrent use.
/// </summary>
internal sealed class ProofMemory
{
    /// <summary>The most proofs of one generation: 24 bytes each, and as much again for the table.</summary>
    public const int CountMax = 262_144;

    /// <summary>The most of them of one key: who holds one must not be able to have everybody else refused.</summary>
    public const int KeyCountMax = CountMax / 4;

    // How much older than another question's instant that of a question can be which is looked at after it.
    private static readonly TimeSpan LagMax = TimeSpan.FromSeconds(1);

    private readonly Lock _taking = new();
    private readonly TimeSpan _span;
    private readonly DateTimeOffset _start;
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private HashSet<UInt128> _young = [];
    private HashSet<UInt128> _old = [];
    private DateTimeOffset _youngSince;

    /// <param name="span">How long a proof can hold after it was used.</param>
    /// <param name="start">The instant from which on everything is remembered.</param>
    public ProofMemory(TimeSpan span, DateTimeOffset start)
    {
        _span = span + LagMax;
        _start = start;
        _youngSince = start;
    }

    /// <summary>Uses a proof whose signature and time were found to hold.</summary>
    public ProofUse Take(HolderProof proof, DateTimeOffset now)
    {
        if (proof.IssuedAt < _start)
        {
            return ProofUse.Again;
        }

        var id = IdOf(proof);
        lock (_taking)
        {
            Turn(now);

            // What such a late one could be is forgotten already.
            if (now < _youngSince - LagMax)
            {
                return ProofUse.Again;
            }

            if (_young.Contains(id) || _old.Contains(id))
            {
                return ProofUse.Again;
            }

            var ofKey = _keys.GetValueOrDefault(proof.Key.Thumbprint);
            if (_young.Count >= CountMax || ofKey >= KeyCountMax)
            {
                return ProofUse.Full;
            }

            _young.Add(id);
            _keys[proof.Key.Thumbprint] = ofKey + 1;
            return ProofUse.First;
        }
    }

    // Half of a hash that nobody can aim at: two proofs of one id are two of the same key and `jti`, or 2^64 tries.
    private static UInt128 IdOf(HolderProof proof)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(proof.Key.Thumbprint + " " + proof.Id));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    // What was used in the old generation was used more than the span ago when the young one is a span old.
    private void Turn(DateTimeOffset now)
    {
        if (now - _youngSince < _span)
        {
            return;
        }

        (_old, _young) = (now - _youngSince < _span * 2 ? _young : [], []);
        _youngSince = now;
        _keys.Clear();
    }
}
