using System.Globalization;
using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Questions;

/// <summary>A record with its content read and its hash computed.</summary>
internal sealed class AuditedRecord
{
    private const int ContentSizeMaxBytes = 4 * 1024 * 1024;

    public AuditedRecord(EvidenceRecord record)
    {
        Record = record;
        Hash = record.ComputeHash();
        var parsed = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(record.Content), ContentSizeMaxBytes);
        IsReadable = parsed.TryGet(out var content) && content.Kind == JsonKind.Object;
        Content = content ?? JsonValue.Null;
        Envelope = new Lazy<JsonValue>(() => Parse(Text("envelope")));
    }

    public EvidenceRecord Record { get; }

    public byte[] Hash { get; }

    public bool IsReadable { get; }

    public JsonValue Content { get; }

    /// <summary>Gets the envelope in the content; <c>null</c> where there is none.</summary>
    public Lazy<JsonValue> Envelope { get; }

    public JsonValue Payload => Envelope.Value.Find("payload") ?? JsonValue.Null;

    public JsonValue Binding => Payload.Find("binding") ?? JsonValue.Null;

    public long Sequence => Record.Sequence;

    public string Kind => Record.Kind;

    public string Text(string name) => Content.FindText(name) ?? "";

    public long Number(string name) => (long)(Content.Find(name)?.Number ?? -1);

    /// <summary>Gives an instant of the content; <see langword="null"/> where it is none.</summary>
    public DateTimeOffset? Instant(string name) => Rfc3339.TryParse(Text(name), out var instant) ? instant : null;

    /// <summary>Gives an instant for people: to the millisecond; the text as it stands where it is none.</summary>
    public string When(string name) => Instant(name) is { } instant ? Rfc3339.Format(instant) : Text(name);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"record {Sequence}");

    private static JsonValue Parse(string text) =>
        JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), ContentSizeMaxBytes) is { IsValid: true } parsed ? parsed.Value : JsonValue.Null;
}
