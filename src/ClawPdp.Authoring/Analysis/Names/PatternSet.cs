using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>
/// Many patterns held against a name at once: a set of positions in all of them that moves on with each unit, as the positions of
/// one pattern do in the evaluator's own automaton.
/// </summary>
internal sealed class PatternSet
{
    private readonly PatternPiece[] _pieces;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly bool[] _isMarked;
    private readonly List<int> _marked = [];

    public PatternSet(IReadOnlyCollection<NamePattern> patterns)
    {
        _pieces = [.. patterns.SelectMany(static pattern => pattern.Pieces)];
        _starts = new int[patterns.Count];
        _ends = new int[patterns.Count];
        var position = 0;
        foreach (var (index, pattern) in patterns.Index())
        {
            _starts[index] = position;
            position += pattern.Pieces.Length;
            _ends[index] = position - 1;
        }

        _isMarked = new bool[_pieces.Length];
    }

    /// <summary>Gives the positions before the first unit.</summary>
    public PositionSet Start()
    {
        foreach (var start in _starts)
        {
            Mark(start);
        }

        return TakeMarked();
    }

    /// <summary>Gives the positions after one more unit.</summary>
    public PositionSet Step(PositionSet here, char unit)
    {
        foreach (var position in here.Items)
        {
            var piece = _pieces[position];
            if (Stays(piece.Kind, unit))
            {
                Mark(position);
            }

            if (MovesOn(piece, unit))
            {
                Mark(position + 1);
            }
        }

        return TakeMarked();
    }

    /// <summary>Gives the patterns, by their place, that match when the name ends here.</summary>
    public PositionSet MatchedAt(PositionSet here)
    {
        var matched = new List<int>();
        foreach (var position in here.Items)
        {
            if (_pieces[position].Kind == PieceKind.End)
            {
                matched.Add(Array.BinarySearch(_ends, position));
            }
        }

        return new PositionSet([.. matched]);
    }

    /// <summary>Adds the units that some position waits for; all others are alike to every one.</summary>
    public void AddUnits(PositionSet here, ISet<char> units)
    {
        foreach (var position in here.Items)
        {
            var piece = _pieces[position];
            if (piece.Kind is PieceKind.Unit or PieceKind.UnitOfAnyCase)
            {
                units.Add(piece.Unit);
            }

            if (piece.Kind == PieceKind.UnitOfAnyCase)
            {
                foreach (var other in (ReadOnlySpan<char>)[char.ToUpperInvariant(piece.Unit), char.ToLowerInvariant(piece.Unit)])
                {
                    units.Add(other);
                }
            }
        }
    }

    private static bool Stays(PieceKind kind, char unit) => kind switch
    {
        PieceKind.Run => unit != '/',
        PieceKind.DeepRun or PieceKind.WithinSegments => !SegmentGlob.IsLineTerminator(unit),
        PieceKind.AnyRun => true,
        _ => false,
    };

    private static bool MovesOn(PatternPiece piece, char unit) => piece.Kind switch
    {
        PieceKind.Unit => piece.Unit == unit,
        PieceKind.UnitOfAnyCase => StarGlob.Matches([piece.Unit], [unit], ignoreCase: true),
        PieceKind.AnyOne => unit != '/',
        PieceKind.WithinSegments => unit == '/',
        _ => false,
    };

    // Marks a position, and whatever is reached from it without a unit.
    private void Mark(int position)
    {
        if (_isMarked[position])
        {
            return;
        }

        _isMarked[position] = true;
        _marked.Add(position);
        switch (_pieces[position].Kind)
        {
            case PieceKind.Run or PieceKind.DeepRun or PieceKind.AnyRun:
                Mark(position + 1);
                break;
            case PieceKind.Segments:
                Mark(position + 1);
                Mark(position + 2);
                break;
            default:
                break;
        }
    }

    private PositionSet TakeMarked()
    {
        _marked.Sort();
        foreach (var position in _marked)
        {
            _isMarked[position] = false;
        }

        var taken = new PositionSet([.. _marked]);
        _marked.Clear();
        return taken;
    }
}
