using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClawPdp.Ledger.Records;

/// <summary>
/// Writes the content of a record: one JSON object, readable with any tool. The chain is over these bytes as stored; they are
/// never written a second time, so they need no canonical form.
/// </summary>
internal static class ContentWriter
{
    // Most records are smaller; a thread keeps no more than this.
    private const int KeptSizeMaxBytes = 16_384;

    // Never shown in HTML; the default encoder would blow an envelope up by escaping every quote as six characters.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    public static byte[] Write<T>(T record, Action<Utf8JsonWriter, T> members)
    {
        var buffer = _kept ?? new ArrayBufferWriter<byte>(KeptSizeMaxBytes / 4);
        _kept = null;
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json, record);
            json.WriteEndObject();
        }

        var content = buffer.WrittenSpan.ToArray();
        _kept = buffer.Capacity <= KeptSizeMaxBytes ? buffer : null;
        return content;
    }

    public static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Writes the trace that a record is a part of; nothing for none.</summary>
    public static void WriteTrace(this Utf8JsonWriter json, string? traceParent, string? traceState)
    {
        json.WriteOptional("traceparent", traceParent);
        json.WriteOptional("tracestate", traceState);
    }

    /// <summary>Writes a JSON object that is given as text; nothing for none.</summary>
    public static void WriteObject(this Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WritePropertyName(name);
            json.WriteRawValue(text);
        }
    }

    /// <summary>Writes a list of texts; nothing for an empty one.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        if (texts.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes UTC with all seven digits that .NET has, so that it reads back equal.</summary>
    public static void WriteInstant(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } instant)
        {
            json.WriteString(name, instant.UtcDateTime.ToString(ContentReader.InstantFormat, CultureInfo.InvariantCulture));
        }
    }
}
