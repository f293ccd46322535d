using System.Collections.Immutable;
using System.Text.Json;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Json;

/// <summary>One pass over a text: builds the tree, counts lines and remembers where it stands.</summary>
internal ref struct JsonWalk
{
    // Up to so many names are compared one by one; for more, a set.
    private const int FewNamesMax = 16;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly List<string> _path;
    private Utf8JsonReader _reader;
    private int _countedTo;

    public JsonWalk(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _path = [];
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JsonReader.DepthMax });
        Line = 1;
        Faults = ImmutableArray.CreateBuilder<Fault>();
    }

    public ImmutableArray<Fault>.Builder Faults { get; }

    public int Line { get; private set; }

    public readonly string Pointer => string.Concat(_path.Select(static step => "/" + JsonPointer.Escape(step)));

    public JsonValue ReadDocument()
    {
        Next();
        var value = ReadValue();
        if (_reader.Read())
        {
            throw new JsonException();
        }

        return value;
    }

    private void Next()
    {
        if (!_reader.Read())
        {
            throw new JsonException();
        }

        var start = (int)_reader.TokenStartIndex;
        Line += _utf8[_countedTo..start].Count((byte)'\n');
        _countedTo = start;
    }

    private JsonValue ReadValue() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(),
        JsonTokenType.StartArray => ReadArray(),
        JsonTokenType.String => JsonValue.Of(_reader.GetString() ?? "", Line),
        JsonTokenType.Number => ReadNumber(),
        JsonTokenType.True => JsonValue.Of(true, Line),
        JsonTokenType.False => JsonValue.Of(false, Line),
        JsonTokenType.Null => JsonValue.NullAt(Line),
        _ => throw new JsonException(),
    };

    private JsonValue ReadNumber()
    {
        var number = _reader.GetDouble();
        if (double.IsFinite(number))
        {
            return JsonValue.Of(number, Line);
        }

        Faults.Add(new Fault(Pointer, "the number is too large for a double") { Line = Line });
        return JsonValue.NullAt(Line);
    }

    private JsonValue ReadArray()
    {
        var line = Line;
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next())
        {
            _path.Add(items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            items.Add(ReadValue());
            _path.RemoveAt(_path.Count - 1);
        }

        return JsonValue.ArrayOf(items.DrainToImmutable(), line);
    }

    private JsonValue ReadObject()
    {
        var line = Line;
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        HashSet<string>? names = null;
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var name = _reader.GetString() ?? "";
            _path.Add(name);
            if (!IsNew(name, members, ref names))
            {
                Faults.Add(new Fault(Pointer, "the member stands twice in its object") { Line = Line });
            }

            Next();
            members.Add(new JsonMember(name, ReadValue()));
            _path.RemoveAt(_path.Count - 1);
        }

        return JsonValue.ObjectOf(members.DrainToImmutable(), line);
    }

    private static bool IsNew(string name, ImmutableArray<JsonMember>.Builder members, ref HashSet<string>? names)
    {
        if (members.Count >= FewNamesMax)
        {
            names ??= new HashSet<string>(members.Select(static member => member.Name), StringComparer.Ordinal);
            return names.Add(name);
        }

        for (var index = 0; index < members.Count; index++)
        {
            if (string.Equals(members[index].Name, name, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
