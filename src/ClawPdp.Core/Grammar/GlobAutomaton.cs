using System.Collections.Immutable;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// A pattern as a set of positions that all move at once, one bit each (the bit-parallel simulation of Baeza-Yates and Gonnet, extended
/// by Navarro and Raffinot): the work is the text's length times the pattern's length over 64, whatever the pattern.
/// </summary>
internal sealed class GlobAutomaton
{
    private const int WordBits = 64;

    // More than the longest pattern of a policy needs, 513; bounds what lies on the stack.
    private const int WordCountMax = 64;

    private readonly int _wordCount;
    private readonly int _final;
    private readonly string _alphabet;

    // A row of words for each unit of the alphabet, and before them one for all other units: who moves on to the next position.
    private readonly ulong[] _moves;

    // Rows: who stays where it is on an ordinary unit, on a slash, on a line terminator.
    private readonly ulong[] _stays;

    // Who is at the next position, and who at the one after it, without any unit.
    private readonly ulong[] _skips;
    private readonly ulong[] _doubleSkips;

    public GlobAutomaton(ImmutableArray<GlobElement> elements)
    {
        _final = elements.Sum(static element => element.Kind == GlobElementKind.Segments ? 2 : 1);
        _wordCount = (_final / WordBits) + 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_wordCount, WordCountMax, nameof(elements));
        _alphabet = new string([.. elements.Where(static element => element.Kind == GlobElementKind.Literal).Select(static element => element.Literal).Append('/').Distinct()]);
        _moves = new ulong[(_alphabet.Length + 1) * _wordCount];
        _stays = new ulong[3 * _wordCount];
        _skips = new ulong[_wordCount];
        _doubleSkips = new ulong[_wordCount];
        var position = 0;
        foreach (var element in elements)
        {
            position = Add(element, position);
        }
    }

    /// <summary>Tells whether a text matches as a whole. Allocates nothing.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        Span<ulong> here = stackalloc ulong[_wordCount];
        here.Clear();
        here[0] = 1;
        Skip(here);
        foreach (var unit in text)
        {
            Step(here, unit);
        }

        return (here[_final / WordBits] & Bit(_final)) != 0;
    }

    private static ulong Bit(int position) => 1UL << (position % WordBits);

    private int Add(GlobElement element, int position)
    {
        switch (element.Kind)
        {
            case GlobElementKind.Literal:
                SetMove(element.Literal, position);
                return position + 1;
            case GlobElementKind.AnyOne:
                SetMoveOnAllButSlash(position);
                return position + 1;
            case GlobElementKind.Run:
                SetStay(position, ordinary: true, slash: false, terminator: true);
                Set(_skips, 0, position);
                return position + 1;
            case GlobElementKind.DeepRun:
                SetStay(position, ordinary: true, slash: true, terminator: false);
                Set(_skips, 0, position);
                return position + 1;
            default:
                // Entered at the first position: either on to what follows at once, or into segments, which end with a slash.
                Set(_skips, 0, position);
                Set(_doubleSkips, 0, position);
                SetStay(position + 1, ordinary: true, slash: true, terminator: false);
                SetMove('/', position + 1);
                return position + 2;
        }
    }

    private void Set(ulong[] rows, int row, int position) => rows[(row * _wordCount) + (position / WordBits)] |= Bit(position);

    private void SetMove(char unit, int position) => Set(_moves, _alphabet.IndexOf(unit, StringComparison.Ordinal) + 1, position);

    private void SetMoveOnAllButSlash(int position)
    {
        for (var row = 0; row <= _alphabet.Length; row++)
        {
            if (row == 0 || _alphabet[row - 1] != '/')
            {
                Set(_moves, row, position);
            }
        }
    }

    private void SetStay(int position, bool ordinary, bool slash, bool terminator)
    {
        foreach (var (stays, row) in ((bool, int)[])[(ordinary, 0), (slash, 1), (terminator, 2)])
        {
            if (stays)
            {
                Set(_stays, row, position);
            }
        }
    }

    private void Step(Span<ulong> here, char unit)
    {
        var moves = _moves.AsSpan((_alphabet.IndexOf(unit, StringComparison.Ordinal) + 1) * _wordCount, _wordCount);
        var stays = _stays.AsSpan((unit == '/' ? 1 : SegmentGlob.IsLineTerminator(unit) ? 2 : 0) * _wordCount, _wordCount);
        var carry = 0UL;
        for (var word = 0; word < here.Length; word++)
        {
            var moving = here[word] & moves[word];
            here[word] = (here[word] & stays[word]) | (moving << 1) | carry;
            carry = moving >> (WordBits - 1);
        }

        Skip(here);
    }

    // INVARIANT: at most three positions in a row can be skipped: `**/`, then `**`, then `*`.
    private void Skip(Span<ulong> here)
    {
        var carry = 0UL;
        for (var word = 0; word < here.Length; word++)
        {
            var skipping = here[word] & _doubleSkips[word];
            here[word] |= (skipping << 2) | carry;
            carry = skipping >> (WordBits - 2);
        }

        SkipOne(here);
        SkipOne(here);
    }

    private void SkipOne(Span<ulong> here)
    {
        var carry = 0UL;
        for (var word = 0; word < here.Length; word++)
        {
            var skipping = here[word] & _skips[word];
            here[word] |= (skipping << 1) | carry;
            carry = skipping >> (WordBits - 1);
        }
    }
}
