using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ClawPdp.Ledger.Records;

/// <summary>Reads the content of a record.</summary>
internal sealed class ContentReader : IDisposable
{
    public const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private readonly JsonDocument _document;

    /// <exception cref="LedgerException">The content is no JSON object.</exception>
    public ContentReader(ReadOnlyMemory<byte> content)
    {
        try
        {
            _document = JsonDocument.Parse(content);
        }
        catch (JsonException failure)
        {
            throw Damaged(failure);
        }

        if (_document.RootElement.ValueKind != JsonValueKind.Object)
        {
            _document.Dispose();
            throw Damaged();
        }
    }

    public string Text(string name) => OptionalText(name) ?? throw Damaged();

    public string? OptionalText(string name)
    {
        if (!_document.RootElement.TryGetProperty(name, out var member))
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.String ? member.GetString() : throw Damaged();
    }

    /// <summary>Gives a text inside an object of the content.</summary>
    public string? OptionalText(string name, string innerName)
    {
        if (Find(name, JsonValueKind.Object) is not { } member || !member.TryGetProperty(innerName, out var inner))
        {
            return null;
        }

        return inner.ValueKind == JsonValueKind.String ? inner.GetString() : throw Damaged();
    }

    /// <summary>Gives an object of the content as the text that it was written with.</summary>
    public string? OptionalObject(string name) => Find(name, JsonValueKind.Object)?.GetRawText();

    public ImmutableArray<string> Texts(string name) => Find(name, JsonValueKind.Array) is { } list
        ? [.. list.EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.String ? item.GetString() ?? "" : throw Damaged())]
        : [];

    public byte[] Base64(string name)
    {
        try
        {
            return Convert.FromBase64String(Text(name));
        }
        catch (FormatException failure)
        {
            throw Damaged(failure);
        }
    }

    public byte[] Utf8(string name) => System.Text.Encoding.UTF8.GetBytes(Text(name));

    public int Number(string name)
    {
        return _document.RootElement.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt32(out var value)
                ? value
                : throw Damaged();
    }

    public long LongNumber(string name)
    {
        return _document.RootElement.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt64(out var value)
                ? value
                : throw Damaged();
    }

    public long? OptionalLongNumber(string name) => _document.RootElement.TryGetProperty(name, out _) ? LongNumber(name) : null;

    public DateTimeOffset Instant(string name) => OptionalInstant(name) ?? throw Damaged();

    public DateTimeOffset? OptionalInstant(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        return DateTime.TryParseExact(
            text,
            InstantFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant)
                ? new DateTimeOffset(instant, TimeSpan.Zero)
                : throw Damaged();
    }

    public void Dispose() => _document.Dispose();

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (!_document.RootElement.TryGetProperty(name, out var member))
        {
            return null;
        }

        return member.ValueKind == kind ? member : throw Damaged();
    }

    private static LedgerException Damaged(Exception? cause = null) =>
        new(LedgerFault.Corrupt, "a record in the ledger cannot be read", cause);
}
