namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Values of keys, one after the other.</summary>
/// <param name="Before">The values chosen before; <see langword="null"/> for none.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value; <see langword="null"/> when it has none.</param>
internal sealed record Assignment(Assignment? Before, string Key, string? Value)
{
    /// <summary>Gives all values, the last one first.</summary>
    public static IEnumerable<Assignment> All(Assignment? last)
    {
        for (var at = last; at is not null; at = at.Before)
        {
            yield return at;
        }
    }
}
