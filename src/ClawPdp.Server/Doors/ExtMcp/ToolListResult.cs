using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>
/// The result of <c>tools/list</c>, and where in its text each tool stands. What stays is kept byte for byte: a schema may hold numbers that no
/// double can.
/// </summary>
internal sealed class ToolListResult
{
    /// <summary>The most tools that a list may hold.</summary>
    public const int CountMax = 4096;

    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _start;
    private readonly int _end;

    private ToolListResult(ReadOnlyMemory<byte> json, int start, int end, ImmutableArray<KeyValuePair<string, Range>> tools)
    {
        _json = json;
        _start = start;
        _end = end;
        Tools = tools;
    }

    /// <summary>Gets the tools by name, with their place.</summary>
    public ImmutableArray<KeyValuePair<string, Range>> Tools { get; }

    /// <summary>Reads a result: strict JSON, an object whose <c>tools</c> are at most <see cref="CountMax"/> objects with a <c>name</c>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out ToolListResult? result)
    {
        result = null;
        if (!JsonReader.Parse(json.Span, RequestLimits.MessageMax).TryGet(out var document) || document.Find("tools") is not { Kind: JsonKind.Array, Items.Length: <= CountMax } listed)
        {
            return false;
        }

        var names = listed.Items.Select(static tool => tool.FindText("name") ?? "").ToArray();
        if (names.Any(static name => name.Length == 0))
        {
            return false;
        }

        result = Locate(json, names);
        return true;
    }

    /// <summary>Writes the result without the tools that do not stay.</summary>
    /// <param name="stays">Says of each by its name whether it stays.</param>
    public byte[] Write(Func<string, bool> stays)
    {
        var output = new ArrayBufferWriter<byte>(_json.Length);
        output.Write(_json.Span[.._start]);
        var isFirst = true;
        foreach (var (name, place) in Tools)
        {
            if (!stays(name))
            {
                continue;
            }

            output.Write(isFirst ? ""u8 : ","u8);
            output.Write(_json.Span[place]);
            isFirst = false;
        }

        output.Write(_json.Span[_end..]);
        return output.WrittenSpan.ToArray();
    }

    // INVARIANT: the text was read as strict JSON before, so that the member stands once and its elements are the named ones, in their order.
    private static ToolListResult Locate(ReadOnlyMemory<byte> json, string[] names)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = JsonReader.DepthMax });
        while (reader.Read() && !(reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("tools"u8)))
        {
        }

        reader.Read();
        var start = (int)reader.BytesConsumed;
        var tools = ImmutableArray.CreateBuilder<KeyValuePair<string, Range>>(names.Length);
        foreach (var name in names)
        {
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            tools.Add(new(name, from..(int)reader.BytesConsumed));
        }

        reader.Read();
        return new ToolListResult(json, start, (int)reader.TokenStartIndex, tools.ToImmutable());
    }
}
