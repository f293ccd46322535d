using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ClawPdp.Engine.Holders;

namespace ClawPdp.Engine.Tokens;

/// <summary>
/// A token as a caller presents it: text, or the bytes of a message that are not worth making a text of before the token is known to be
/// good. Nothing in it is believed. The default is no token.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PresentedToken
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;

    private PresentedToken(string? text, ReadOnlyMemory<byte> bytes, TokenMemo? memo, HolderEvidence? evidence)
    {
        _text = text;
        _bytes = bytes;
        Memo = memo;
        Evidence = evidence;
    }

    /// <summary>Gets a value indicating whether there is no token.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Gets the length, in UTF-16 units of a text, else in bytes: the same for whatever can be a token.</summary>
    public int Length => _text?.Length ?? _bytes.Length;

    /// <summary>Gets where the last token of the same caller is remembered; <see langword="null"/> for nowhere.</summary>
    internal TokenMemo? Memo { get; }

    /// <summary>Gets what the call shows of who makes it; <see langword="null"/> for nothing.</summary>
    internal HolderEvidence? Evidence { get; }

    /// <summary>Gets the user that the kernel names as the caller; <see langword="null"/> where it names none.</summary>
    internal uint? PeerUserId => Evidence?.PeerUserId ?? Memo?.PeerUserId;

    /// <summary>Presents a text; <see langword="null"/> and empty are no token.</summary>
    public static implicit operator PresentedToken(string? text) => FromString(text);

    /// <inheritdoc cref="op_Implicit"/>
    public static PresentedToken FromString(string? text) => new(text, default, memo: null, evidence: null);

    /// <summary>Presents bytes.</summary>
    /// <param name="bytes">The UTF-8 text. They are read while the question is answered, and not kept.</param>
    /// <param name="memo">Where the last token of the same caller is remembered; <see langword="null"/> for nowhere.</param>
    public static PresentedToken FromBytes(ReadOnlyMemory<byte> bytes, TokenMemo? memo) => new(null, bytes, memo, evidence: null);

    /// <summary>Presents the same with what the call shows of who makes it.</summary>
    public PresentedToken ShownWith(HolderEvidence? evidence) => new(_text, _bytes, Memo, evidence);

    /// <summary>Gives no more than the length: a token is a secret.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"a token of {Length}");

    /// <summary>Gives the text, a secret; what is not UTF-8 becomes U+FFFD, which no token holds.</summary>
    public string AsText() => _text ?? Encoding.UTF8.GetString(_bytes.Span);

    /// <summary>Gives the bytes; what is not ASCII in a text becomes a question mark, which no token holds.</summary>
    /// <param name="buffer">Is used for a text that fits.</param>
    internal ReadOnlySpan<byte> AsBytes(Span<byte> buffer)
    {
        if (_text is null)
        {
            return _bytes.Span;
        }

        var bytes = _text.Length <= buffer.Length ? buffer[.._text.Length] : new byte[_text.Length];
        Encoding.ASCII.GetBytes(_text, bytes);
        return bytes;
    }
}
