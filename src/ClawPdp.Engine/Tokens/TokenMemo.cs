namespace ClawPdp.Engine.Tokens;

/// <summary>
/// Remembers the last good token of one caller, such as a connection, as most callers have one alone. Only the whole text finds it, and
/// only with the keys that verified it. Safe for concurrent use.
/// </summary>
public sealed class TokenMemo
{
    // One reference: readers see the text, the token and the keys of one moment, or none.
    private KnownToken? _last;

    /// <summary>Gets the user that the kernel names at the other end of the connection; <see langword="null"/> where it names none.</summary>
    public uint? PeerUserId { get; init; }

    internal KnownToken? Find(ReadOnlySpan<byte> text, KeySet keys) =>
        Volatile.Read(ref _last) is { } last && ReferenceEquals(last.KeySetId, keys.Id) && text.SequenceEqual(last.Text) ? last : null;

    internal void Keep(KnownToken token) => Volatile.Write(ref _last, token);
}
