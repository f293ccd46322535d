using System.Globalization;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Json;

/// <summary>
/// A value together with where it stands and where its faults go. Each <c>As…</c> method gives the checked value, or adds
/// one fault and gives <see langword="null"/>, so that a loader reports every fault of a document at once.
/// </summary>
public sealed class JsonCursor
{
    private readonly ICollection<Fault> _faults;
    private readonly JsonCursor? _parent;
    private readonly string _step;

    private JsonCursor(JsonValue value, JsonCursor? parent, string step, ICollection<Fault> faults)
    {
        Value = value;
        _parent = parent;
        _step = step;
        _faults = faults;
    }

    /// <summary>Gets the value pointed at.</summary>
    public JsonValue Value { get; }

    /// <summary>Gets the JSON pointer (RFC 6901) of the value in its document; made when it is asked for, as few values have a fault.</summary>
    public string Pointer => _parent is null ? "" : JsonPointer.Append(_parent.Pointer, _step);

    /// <summary>Points at a whole document.</summary>
    public static JsonCursor At(JsonValue root, ICollection<Fault> faults) => new(root, parent: null, "", faults);

    /// <summary>Adds a fault at this value.</summary>
    public void Refuse(string message, string? hint = null) =>
        _faults.Add(new Fault(Pointer, message) { Hint = hint, Line = Value.Line > 0 ? Value.Line : null });

    /// <summary>Adds a fault at a member of this value, which need not be there.</summary>
    public void RefuseMember(string name, string message) =>
        _faults.Add(new Fault(JsonPointer.Append(Pointer, name), message) { Line = Value.Line > 0 ? Value.Line : null });

    /// <summary>Adds a fault at a place below this value.</summary>
    /// <param name="pointer">The JSON pointer from here on.</param>
    /// <param name="message">What is wrong.</param>
    public void RefuseAt(string pointer, string message) =>
        _faults.Add(new Fault(Pointer + pointer, message) { Line = Value.Line > 0 ? Value.Line : null });

    /// <summary>Checks that this is an object whose members are all known; each unknown one is a fault.</summary>
    /// <returns>Whether this is an object.</returns>
    public bool IsObjectOf(params ReadOnlySpan<string> known)
    {
        if (Value.Kind != JsonKind.Object)
        {
            Refuse("an object is expected");
            return false;
        }

        foreach (var member in Value.Members)
        {
            if (!known.Contains(member.Name))
            {
                Child(member.Name, member.Value).Refuse($"unknown member `{Shown(member.Name)}`", "known: " + string.Join(", ", known.ToArray()));
            }
        }

        return true;
    }

    /// <summary>Points at a member.</summary>
    /// <returns>The member, or <see langword="null"/> when it is absent; absence is no fault.</returns>
    public JsonCursor? Optional(string name) => Value.Find(name) is { } found ? Child(name, found) : null;

    /// <summary>Points at a member that must be there; its absence is a fault.</summary>
    public JsonCursor? Required(string name)
    {
        var found = Optional(name);
        if (found is null)
        {
            Refuse($"member `{name}` is missing");
        }

        return found;
    }

    /// <summary>Reads a string of the given length in UTF-16 units that is not blank.</summary>
    public string? AsText(int lengthMax, int lengthMin = 1)
    {
        if (Value.Kind != JsonKind.String)
        {
            Refuse("a string is expected");
            return null;
        }

        if (Value.Text.Length > lengthMax || Value.Text.Length < lengthMin)
        {
            Refuse($"the string has {Value.Text.Length} characters, {lengthMin} to {lengthMax} are allowed");
            return null;
        }

        if (lengthMin > 0 && string.IsNullOrWhiteSpace(Value.Text))
        {
            Refuse("the string is blank");
            return null;
        }

        return Value.Text;
    }

    /// <summary>Reads a whole number within bounds, both ends included.</summary>
    public long? AsInteger(long min, long max)
    {
        // INVARIANT: bounds are within 2^53, where every double that is whole is an exact integer.
        if (Value.Kind != JsonKind.Number || Value.Number != Math.Floor(Value.Number))
        {
            Refuse("a whole number is expected");
            return null;
        }

        if (Value.Number < min || Value.Number > max)
        {
            Refuse(string.Create(CultureInfo.InvariantCulture, $"the number must be from {min} to {max}"));
            return null;
        }

        return (long)Value.Number;
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    public bool? AsBoolean()
    {
        if (Value.Kind != JsonKind.Boolean)
        {
            Refuse("true or false is expected");
            return null;
        }

        return Value.IsTrue;
    }

    /// <summary>Points at each element of an array with the given number of elements; otherwise at none.</summary>
    public IReadOnlyList<JsonCursor> AsArray(int countMax, int countMin = 0)
    {
        if (Value.Kind != JsonKind.Array)
        {
            Refuse("an array is expected");
            return [];
        }

        if (Value.Items.Length < countMin || Value.Items.Length > countMax)
        {
            Refuse($"the array has {Value.Items.Length} elements, {countMin} to {countMax} are allowed");
            return [];
        }

        return [.. Value.Items.Select((item, index) => Child(index.ToString(CultureInfo.InvariantCulture), item))];
    }

    // A name from the text goes into a message: bounded, so that a message stays a line.
    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";

    private JsonCursor Child(string step, JsonValue value) => new(value, this, step, _faults);
}
