using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using YamlDotNet.Core;

namespace ClawPdp.Authoring.Yaml;

/// <summary>
/// Reads the part of YAML 1.2 that is another way of writing JSON: one document, no anchors, aliases, tags, directives and merge keys, names
/// that are strings and stand once. What a plain text means is fixed in <see cref="PlainScalar"/>; what YAML readers disagree on is refused.
/// </summary>
public static class YamlReader
{
    /// <summary>The deepest nesting that is read, that of JSON.</summary>
    public const int DepthMax = JsonReader.DepthMax;

    private const int DetailLengthMax = 200;

    /// <summary>Reads one document that is the whole text; every value knows its line.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="sizeMaxBytes">The longest text that is looked at.</param>
    public static Result<JsonValue> Parse(ReadOnlySpan<byte> utf8, int sizeMaxBytes)
    {
        if (utf8.Length > sizeMaxBytes)
        {
            return Result.Invalid<JsonValue>("", $"the text is {utf8.Length} bytes long, the limit is {sizeMaxBytes}");
        }

        if (YamlText.Decode(utf8, out var fault) is not { } text)
        {
            return Result.Invalid<JsonValue>([fault ?? new Fault("", "the text is not YAML")]);
        }

        using var reader = new StringReader(text);
        var walk = new YamlWalk(new Parser(new Scanner(reader, skipComments: true)));
        try
        {
            var value = walk.ReadDocument();
            return value is not null && walk.Faults.Count == 0 ? Result.Valid(value) : Result.Invalid<JsonValue>([.. walk.Faults]);
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The scanner has no one way of refusing: some broken texts end in exceptions that are not its own.
            return Result.Invalid<JsonValue>([.. walk.Faults, FaultOf(exception, walk.Pointer)]);
        }
    }

    private static Fault FaultOf(Exception exception, string pointer)
    {
        var own = exception as YamlException;
        var detail = own is null ? "" : own.Message.Length <= DetailLengthMax ? own.Message + "; " : own.Message[..DetailLengthMax] + "…; ";
        return new Fault(pointer, "the text is not YAML")
        {
            Line = own is null ? null : YamlText.LineOf(own.Start),
            Hint = $"{detail}a plain text that begins with *, &, !, %, @, ` or a quotation mark, or holds `: ` or ` #`, goes into quotes",
        };
    }
}
