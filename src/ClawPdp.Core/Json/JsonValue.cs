using System.Collections.Immutable;

namespace ClawPdp.Core.Json;

/// <summary>An immutable JSON value that keeps member order, which the Clawsig receipt hashes depend on.</summary>
public sealed class JsonValue
{
    private JsonValue(JsonKind kind, string text, double number, ImmutableArray<JsonValue> items, ImmutableArray<JsonMember> members, int line)
    {
        Kind = kind;
        Text = text;
        Number = number;
        Items = items;
        Members = members;
        Line = line;
    }

    /// <summary>Gets the literal <c>null</c>.</summary>
    public static JsonValue Null { get; } = new(JsonKind.Null, "", 0, [], [], 0);

    /// <summary>Gets what kind of value this is.</summary>
    public JsonKind Kind { get; }

    /// <summary>Gets the text of a string; empty for every other kind.</summary>
    public string Text { get; }

    /// <summary>Gets the value of a number, or 1 for <c>true</c>; 0 for every other kind.</summary>
    public double Number { get; }

    /// <summary>Gets the elements of an array; empty for every other kind.</summary>
    public ImmutableArray<JsonValue> Items { get; }

    /// <summary>Gets the members of an object in text order; empty for every other kind.</summary>
    public ImmutableArray<JsonMember> Members { get; }

    /// <summary>Gets the line on which the value starts, from 1; 0 for a value that was not read from text.</summary>
    public int Line { get; }

    /// <summary>Gets a value indicating whether this is the literal <c>true</c>.</summary>
    public bool IsTrue => Kind == JsonKind.Boolean && Number > 0;

    /// <summary>Makes a string.</summary>
    public static JsonValue Of(string text) => new(JsonKind.String, text, 0, [], [], 0);

    /// <summary>Makes an integer; every value of magnitude up to 2^53 is exact.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is above 2^53, where a double is no longer exact.</exception>
    public static JsonValue Of(long number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 1L << 53);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, -(1L << 53));
        return new(JsonKind.Number, "", number, [], [], 0);
    }

    /// <summary>Makes a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite, for which JSON has no form.</exception>
    public static JsonValue Of(double number) => Of(number, 0);

    /// <summary>Makes a boolean.</summary>
    public static JsonValue Of(bool value) => Of(value, 0);

    /// <summary>Makes an array of strings.</summary>
    public static JsonValue ArrayOf(IEnumerable<string> items) => ArrayOf([.. items.Select(static item => Of(item))]);

    /// <summary>Makes an array.</summary>
    public static JsonValue ArrayOf(ImmutableArray<JsonValue> items) => ArrayOf(items, 0);

    /// <summary>Makes an object whose members keep the given order.</summary>
    public static JsonValue ObjectOf(ImmutableArray<JsonMember> members) => ObjectOf(members, 0);

    /// <summary>Finds a member by its exact name.</summary>
    /// <returns>The member's value, or <see langword="null"/> when there is none or this is no object.</returns>
    public JsonValue? Find(string name)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>Finds a member that is a string.</summary>
    /// <returns>The text, or <see langword="null"/> when the member is absent or of another kind.</returns>
    public string? FindText(string name) => Find(name) is { Kind: JsonKind.String } found ? found.Text : null;

    /// <summary>Gives the same value as standing on a line of a text; what is in it keeps its own lines.</summary>
    /// <param name="line">The line, from 1; 0 for no text.</param>
    public JsonValue WithLine(int line) => new(Kind, Text, Number, Items, Members, line);

    internal static JsonValue Of(string text, int line) => new(JsonKind.String, text, 0, [], [], line);

    internal static JsonValue Of(bool value, int line) => new(JsonKind.Boolean, "", value ? 1 : 0, [], [], line);

    internal static JsonValue NullAt(int line) => new(JsonKind.Null, "", 0, [], [], line);

    internal static JsonValue ArrayOf(ImmutableArray<JsonValue> items, int line) => new(JsonKind.Array, "", 0, items, [], line);

    internal static JsonValue ObjectOf(ImmutableArray<JsonMember> members, int line) => new(JsonKind.Object, "", 0, [], members, line);

    internal static JsonValue Of(double number, int line) =>
        double.IsFinite(number)
            ? new(JsonKind.Number, "", number, [], [], line)
            : throw new ArgumentOutOfRangeException(nameof(number), "JSON has no form for a number that is not finite");
}
