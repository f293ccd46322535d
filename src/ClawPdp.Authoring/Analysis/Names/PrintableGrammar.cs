using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>The names of tools and models: printable, no star; those of tools without empty, <c>.</c> and <c>..</c> segments.</summary>
internal sealed class PrintableGrammar : NameGrammar
{
    private const int InSegment = 3;
    private const int PendingShift = 2;

    private readonly bool _hasSegments;

    private PrintableGrammar(bool hasSegments) => _hasSegments = hasSegments;

    /// <summary>Gets the names of tools.</summary>
    public static PrintableGrammar OfTools { get; } = new(hasSegments: true);

    /// <summary>Gets the names of models.</summary>
    public static PrintableGrammar OfModels { get; } = new(hasSegments: false);

    /// <inheritdoc/>
    public override int LengthMax => 256;

    /// <inheritdoc/>
    public override string Specials => _hasSegments ? "/." : "/";

    // A state is the shape of the segment, empty, `.`, `..` or any other, and above it the first half of a surrogate pair that waits for its second.

    /// <inheritdoc/>
    public override int Step(int state, char unit)
    {
        var pending = (char)(state >> PendingShift);
        if (pending != '\0')
        {
            return char.IsLowSurrogate(unit) && IsPrintable(new string([pending, unit])) ? InSegment : Refused;
        }

        if (char.IsHighSurrogate(unit))
        {
            return (unit << PendingShift) | InSegment;
        }

        if (!IsPrintable(unit.ToString()))
        {
            return Refused;
        }

        return (unit, _hasSegments) switch
        {
            ('/', true) => state == InSegment ? Start : Refused,
            ('.', true) => Math.Min(state + 1, InSegment),
            _ => InSegment,
        };
    }

    /// <inheritdoc/>
    public override bool IsEnd(int state) => state == InSegment;

    /// <inheritdoc/>
    public override bool IsName(string text) => _hasSegments ? ToolName.TryParse(text, out _) : ModelName.TryParse(text, out _);

    private static bool IsPrintable(string character) => ModelName.TryParse(character, out _);
}
