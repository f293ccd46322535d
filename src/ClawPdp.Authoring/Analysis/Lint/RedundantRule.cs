namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds statements that change nothing, as another one of the same effect matches wherever they do.</summary>
internal sealed class RedundantRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        for (var place = 0; place < subject.Statements.Length && subject.IsComplete; place++)
        {
            if (FindCovering(subject, place) is { } by)
            {
                yield return subject.Find(
                    LintCodes.RedundantStatement,
                    LintSeverity.Note,
                    place,
                    LintSubject.PointerOf(place),
                    $"the statement changes nothing: wherever it matches, `{subject.Statements[by].Sid}` matches too",
                    "remove it, unless it is there to be named in answers");
            }
        }
    }

    /// <summary>Gives a statement that makes another one redundant; of two that are equal, the first stays. <see langword="null"/> for none.</summary>
    public static int? FindCovering(LintSubject subject, int place)
    {
        for (var by = 0; by < subject.Statements.Length; by++)
        {
            if (by != place
                && subject.Statements[by].Effect == subject.Statements[place].Effect
                && subject.Matches.IsCovered(place, by)
                && (by < place || !subject.Matches.IsCovered(by, place)))
            {
                return by;
            }
        }

        return null;
    }
}
