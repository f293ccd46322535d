using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>
/// Which statements of a policy match together, over every kind of question: for each statement what always matches where it does. The
/// statements of what it inherits count as shadows.
/// </summary>
internal sealed class MatchTable
{
    private readonly ulong[] _alwaysWith;
    private readonly bool[] _isAlwaysDenied;
    private readonly bool[] _isMatched;

    private MatchTable(int count)
    {
        _alwaysWith = new ulong[count];
        _isAlwaysDenied = new bool[count];
        _isMatched = new bool[count];
        Array.Fill(_alwaysWith, ulong.MaxValue);
        Array.Fill(_isAlwaysDenied, value: true);
    }

    /// <summary>Asks the statements about every question.</summary>
    public static MatchTable Of(PolicyChain chain, IEnumerable<Questions.Cell> cells)
    {
        var statements = chain.Policy.Statements;
        var table = new MatchTable(statements.Length);
        foreach (var cell in cells)
        {
            var resource = cell.Question.ResourceOf(cell.Action) ?? "";
            var (matching, isDenied) = (0UL, false);
            for (var place = 0; place < statements.Length; place++)
            {
                if (statements[place].Matches(cell.Action, resource, cell.Question))
                {
                    matching |= 1UL << place;
                    isDenied |= statements[place].Effect == Effect.Deny;
                }
            }

            isDenied = isDenied || chain.Links.SkipLast(1).Any(link => link.Judge(cell.Action, resource, cell.Question).Failure == PolicyFailure.Denied);
            table.Note(matching, isDenied);
        }

        return table;
    }

    /// <summary>Tells whether a statement matches anything.</summary>
    public bool IsMatched(int place) => _isMatched[place];

    /// <summary>Tells whether a Deny matches wherever a statement does.</summary>
    public bool IsAlwaysDenied(int place) => _isMatched[place] && _isAlwaysDenied[place];

    /// <summary>Tells whether another statement matches wherever one does.</summary>
    public bool IsCovered(int place, int by) => _isMatched[place] && (_alwaysWith[place] & (1UL << by)) != 0;

    private void Note(ulong matching, bool isDenied)
    {
        for (var left = matching; left != 0; left &= left - 1)
        {
            var place = System.Numerics.BitOperations.TrailingZeroCount(left);
            _isMatched[place] = true;
            _alwaysWith[place] &= matching;
            _isAlwaysDenied[place] &= isDenied;
        }
    }
}
