using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ClawPdp.Authoring.Yaml;

/// <summary>One pass over the events of a text: builds the tree and remembers where it stands.</summary>
internal sealed class YamlWalk
{
    private const string QuoteHint = "put it in quotes if a string is meant";

    private readonly IParser _parser;
    private readonly Stack<string> _path = new();

    public YamlWalk(IParser parser) => _parser = parser;

    public List<Fault> Faults { get; } = [];

    public string Pointer => string.Concat(_path.Reverse().Select(static step => "/" + JsonPointer.Escape(step)));

    private ParsingEvent Current => _parser.Current ?? throw new YamlException("the text ends too early");

    /// <summary>Reads the only document.</summary>
    /// <returns>The value; <see langword="null"/> when it could not be read to the end, and then there are faults.</returns>
    public JsonValue? ReadDocument()
    {
        Next();
        if (Next() is not DocumentStart start)
        {
            Refuse(Current, "the text holds no document");
            return null;
        }

        if (start.Version is not null || start.Tags?.Any(static tag => !IsDefault(tag.Handle)) == true)
        {
            Refuse(start, "directives are not read");
        }

        Next();
        var value = ReadValue();
        if (value is not null && Next() is DocumentEnd && Next() is not StreamEnd)
        {
            Refuse(Current, "a second document begins", "one file holds one document");
        }

        return value;
    }

    private static bool IsDefault(string handle) => handle is "!" or "!!";

    private ParsingEvent Next() => _parser.MoveNext() ? Current : throw new YamlException("the text ends too early");

    // Null stops the reading: what follows could not be placed.
    private JsonValue? ReadValue()
    {
        if (Current is NodeEvent node)
        {
            RefuseProperties(node);
        }

        switch (Current)
        {
            case Scalar scalar:
                return ReadScalar(scalar);
            case AnchorAlias alias:
                Refuse(alias, "aliases are not read", "write the value out; a pattern that begins with a star goes into quotes");
                return JsonValue.Null;
            case SequenceStart or MappingStart when _path.Count >= YamlReader.DepthMax:
                Refuse(Current, $"more than {YamlReader.DepthMax} levels of nesting");
                return null;
            case SequenceStart start:
                return ReadSequence(start);
            case MappingStart start:
                return ReadMapping(start);
            default:
                Refuse(Current, "a value is expected");
                return null;
        }
    }

    private JsonValue ReadScalar(Scalar scalar)
    {
        var line = YamlText.LineOf(scalar.Start);
        if (scalar.Style is ScalarStyle.Plain)
        {
            var value = PlainScalar.Read(scalar.Value, out var message);
            if (message is not null)
            {
                Refuse(scalar, message, scalar.Value.Length == 0 ? "write null if that is meant" : "write it as JSON does, or " + QuoteHint);
            }

            return (value ?? JsonValue.Null).WithLine(line);
        }

        RefuseUnpaired(scalar);
        return JsonValue.Of(scalar.Value).WithLine(line);
    }

    private JsonValue? ReadSequence(SequenceStart start)
    {
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        while (Next() is not SequenceEnd)
        {
            _path.Push(items.Count.ToString(CultureInfo.InvariantCulture));
            if (ReadValue() is not { } item)
            {
                return null;
            }

            items.Add(item);
            _path.Pop();
        }

        return JsonValue.ArrayOf(items.DrainToImmutable()).WithLine(YamlText.LineOf(start.Start));
    }

    private JsonValue? ReadMapping(MappingStart start)
    {
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            if (Current is not Scalar name)
            {
                Refuse(Current, "the name of a member must be a string");
                return null;
            }

            _path.Push(name.Value);
            CheckName(name);
            if (!names.Add(name.Value))
            {
                Refuse(name, "the member stands twice in its object");
            }

            Next();
            if (ReadValue() is not { } value)
            {
                return null;
            }

            members.Add(new JsonMember(name.Value, value));
            _path.Pop();
        }

        return JsonValue.ObjectOf(members.DrainToImmutable()).WithLine(YamlText.LineOf(start.Start));
    }

    private void CheckName(Scalar name)
    {
        RefuseProperties(name);
        RefuseUnpaired(name);
        if (name.Style is not ScalarStyle.Plain)
        {
            return;
        }

        if (name.Value is "<<")
        {
            Refuse(name, "merge keys are not read", "write the members out");
        }
        else if (PlainScalar.Read(name.Value, out _) is not { Kind: JsonKind.String })
        {
            Refuse(name, "the name of a member must be a string", QuoteHint);
        }
    }

    private void RefuseProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            Refuse(node, "anchors are not read", "write the value out where it is needed");
        }

        if (!node.Tag.IsEmpty)
        {
            Refuse(node, "tags are not read", "what a value is follows from how it is written");
        }
    }

    private void RefuseUnpaired(Scalar scalar)
    {
        for (var index = 0; index < scalar.Value.Length; index++)
        {
            if (!char.IsSurrogate(scalar.Value[index]))
            {
                continue;
            }

            if (index + 1 == scalar.Value.Length || !char.IsSurrogatePair(scalar.Value[index], scalar.Value[index + 1]))
            {
                Refuse(scalar, "a string is not valid Unicode text");
                return;
            }

            index++;
        }
    }

    private void Refuse(ParsingEvent at, string message, string? hint = null) =>
        Faults.Add(new Fault(Pointer, message) { Line = YamlText.LineOf(at.Start), Hint = hint });
}
