using System.Text.Json;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Json;

/// <summary>
/// Reads strict JSON (RFC 8259 within the bounds of I-JSON, RFC 7493): UTF-8 without a byte order mark, no comments, no
/// trailing commas, no duplicate member names, no unpaired surrogates, only finite numbers.
/// </summary>
public static class JsonReader
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int DepthMax = 64;

    /// <summary>Reads one value that is the whole text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="sizeMaxBytes">The longest text that is looked at.</param>
    public static Result<JsonValue> Parse(ReadOnlySpan<byte> utf8, int sizeMaxBytes)
    {
        if (utf8.Length > sizeMaxBytes)
        {
            return Result.Invalid<JsonValue>("", $"the text is {utf8.Length} bytes long, the limit is {sizeMaxBytes}");
        }

        var walk = new JsonWalk(utf8);
        try
        {
            var value = walk.ReadDocument();
            return walk.Faults.Count == 0 ? Result.Valid(value) : Result.Invalid<JsonValue>(walk.Faults.ToImmutable());
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } found ? (int)found + 1 : 1;
            return Result.Invalid<JsonValue>([new Fault(walk.Pointer, "the text is not strict JSON") { Line = line }]);
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader.GetString refuses invalid UTF-8 and unpaired surrogates this way.
            return Result.Invalid<JsonValue>([new Fault(walk.Pointer, "a string is not valid Unicode text") { Line = walk.Line }]);
        }
    }
}
