using System.Collections.Concurrent;

namespace ClawPdp.Engine.Tokens;

/// <summary>
/// Tokens whose signature held, found by their whole text. Bounded: when one generation is full it becomes the old one and the old one is
/// dropped; an entry that is still used moves over. Safe for concurrent use; finding one allocates nothing and waits for nobody.
/// </summary>
internal sealed class TokenCache
{
    /// <summary>The most entries in one generation; at most twice as many are held.</summary>
    public const int GenerationCountMax = 16_384;

    private readonly Lock _turning = new();
    private Generation _young = new();
    private Generation _old = new();

    /// <summary>Gets how many entries are held; one that moved over is two until the old generation is dropped.</summary>
    public int Count => Volatile.Read(ref _young).Count + Volatile.Read(ref _old).Count;

    public KnownToken? Find(ReadOnlySpan<byte> text)
    {
        if (Volatile.Read(ref _young).Find(text) is { } young)
        {
            return young;
        }

        if (Volatile.Read(ref _old).Find(text) is not { } old)
        {
            return null;
        }

        Add(old);
        return old;
    }

    public void Add(KnownToken token)
    {
        var young = Volatile.Read(ref _young);
        if (young.Add(token) <= GenerationCountMax)
        {
            return;
        }

        lock (_turning)
        {
            if (ReferenceEquals(_young, young))
            {
                Volatile.Write(ref _old, young);
                Volatile.Write(ref _young, new Generation());
            }
        }
    }

    private sealed class Generation
    {
        private readonly ConcurrentDictionary<byte[], KnownToken> _tokens = new(TokenTextComparer.Instance);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public KnownToken? Find(ReadOnlySpan<byte> text) =>
            _tokens.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out var found) ? found : null;

        /// <summary>Adds a token, and gives how many there are.</summary>
        public int Add(KnownToken token) => _tokens.TryAdd(token.Text, token) ? Interlocked.Increment(ref _count) : Volatile.Read(ref _count);
    }
}
