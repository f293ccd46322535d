using System.Text;
using System.Text.Unicode;
using ClawPdp.Core.Encoding;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Direct;

/// <summary>
/// Reads the questions that nearly all callers ask: an <c>AuthorizeRequest</c> within all limits, with valid UTF-8, and without approvals.
/// Whatever else comes is left to the general parser and its checks, so that there is one place that knows what is wrong with a message.
/// </summary>
internal static class AuthorizeReader
{
    private const uint Cst = 1;
    private const uint Tool = 2;
    private const uint Model = 3;
    private const uint Host = 4;
    private const uint PolicyHash = 5;
    private const uint Provider = 6;
    private const uint RunId = 7;
    private const uint EventHash = 8;
    private const uint ArgumentsHash = 9;
    private const uint Context = 10;
    private const uint Approvals = 11;
    private const uint RequestId = 12;
    private const uint Audience = 13;
    private const int FieldCount = 14;

    private const uint EntryKey = 1;
    private const uint EntryValue = 2;

    /// <summary>Reads a question.</summary>
    /// <param name="message">The message, which the token is a part of until the question is answered.</param>
    /// <param name="memo">Where the caller's last token is remembered.</param>
    /// <param name="asked">Receives the question.</param>
    /// <param name="requestId">Receives the caller's id for it, in UTF-8; a part of the message.</param>
    /// <returns>False for what is left to the general parser.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> message, TokenMemo? memo, out AskedAction asked, out ReadOnlyMemory<byte> requestId)
    {
        asked = default;
        requestId = default;
        Span<(int Start, int Size)> fields = stackalloc (int, int)[FieldCount];
        fields.Clear();
        Dictionary<string, string>? context = null;
        var seen = 0U;
        var cursor = new WireCursor(message.Span);
        while (cursor.Next())
        {
            // A field of another wire type than its own counts as an unknown one.
            if (cursor.Size < 0 || cursor.Field >= FieldCount)
            {
                continue;
            }

            if (cursor.Field == Approvals || (cursor.Field == Context && !TryAddEntry(message.Span.Slice(cursor.Start, cursor.Size), ref context)))
            {
                return false;
            }

            if (cursor.Field != Context && !TryKeep(cursor, fields, ref seen))
            {
                return false;
            }
        }

        if (!cursor.IsAtEnd || !AreWithinLimits(message.Span, fields) || context?.Count > RequestLimits.ContextCountMax)
        {
            return false;
        }

        var token = message.Slice(fields[(int)Cst].Start, fields[(int)Cst].Size);
        requestId = message.Slice(fields[(int)RequestId].Start, fields[(int)RequestId].Size);
        asked = Make(message.Span, fields, PresentedToken.FromBytes(token, memo), context);
        return IsHash(asked.EventHash) && IsHash(asked.Question.ArgumentsHash);
    }

    private static AskedAction Make(ReadOnlySpan<byte> message, ReadOnlySpan<(int Start, int Size)> fields, PresentedToken token, Dictionary<string, string>? context)
    {
        var eventHash = Text(message, fields[(int)EventHash]);
        return new AskedAction
        {
            Question = new Question
            {
                Token = token,
                Tool = Text(message, fields[(int)Tool]),
                Model = Text(message, fields[(int)Model]),
                Host = Text(message, fields[(int)Host]),
                PolicyHash = Text(message, fields[(int)PolicyHash]),
                Provider = Text(message, fields[(int)Provider]),
                Audience = Text(message, fields[(int)Audience]),
                RunId = Text(message, fields[(int)RunId]),
                EventHash = eventHash,
                ArgumentsHash = Text(message, fields[(int)ArgumentsHash]),
                Stated = context,
            },
            EventHash = eventHash,
        };
    }

    private static bool AreWithinLimits(ReadOnlySpan<byte> message, ReadOnlySpan<(int Start, int Size)> fields) =>
        IsText(message, fields[(int)Cst], RequestLimits.CstMax)
        && IsText(message, fields[(int)Tool], RequestLimits.ToolMax)
        && IsText(message, fields[(int)Model], RequestLimits.ModelMax)
        && IsText(message, fields[(int)Host], RequestLimits.HostMax)
        && IsText(message, fields[(int)PolicyHash], RequestLimits.PolicyHashMax)
        && IsText(message, fields[(int)Provider], RequestLimits.ProviderMax)
        && IsText(message, fields[(int)RunId], RequestLimits.IdentifierMax)
        && IsText(message, fields[(int)EventHash], RequestLimits.HashLength)
        && IsText(message, fields[(int)ArgumentsHash], RequestLimits.HashLength)
        && IsText(message, fields[(int)RequestId], RequestLimits.IdentifierMax)
        && IsText(message, fields[(int)Audience], RequestLimits.AudienceMax)
        && fields[(int)Tool].Size + fields[(int)Model].Size + fields[(int)Host].Size > 0;

    private static bool TryAddEntry(ReadOnlySpan<byte> entry, ref Dictionary<string, string>? context)
    {
        // By the number of the field; nothing has the number 0.
        Span<(int Start, int Size)> parts = stackalloc (int, int)[(int)EntryValue + 1];
        parts.Clear();
        var seen = 0U;
        var cursor = new WireCursor(entry);
        while (cursor.Next())
        {
            if (cursor.Size < 0 || cursor.Field > EntryValue)
            {
                continue;
            }

            if (!TryKeep(cursor, parts, ref seen))
            {
                return false;
            }
        }

        var (key, value) = (parts[(int)EntryKey], parts[(int)EntryValue]);
        if (!cursor.IsAtEnd || key.Size == 0 || !IsText(entry, key, RequestLimits.ContextKeyMax) || !IsText(entry, value, RequestLimits.ContextValueMax))
        {
            return false;
        }

        context ??= new Dictionary<string, string>(StringComparer.Ordinal);
        context[Text(entry, key)] = Text(entry, value);
        return true;
    }

    // Of a field that comes twice the last stands, but what came before may be malformed: few ask so, and the general parser knows.
    private static bool TryKeep(in WireCursor cursor, Span<(int Start, int Size)> fields, ref uint seen)
    {
        var bit = 1U << (int)cursor.Field;
        if ((seen & bit) != 0)
        {
            return false;
        }

        seen |= bit;
        fields[(int)cursor.Field] = (cursor.Start, cursor.Size);
        return true;
    }

    private static bool IsText(ReadOnlySpan<byte> message, (int Start, int Size) field, int sizeMax) =>
        field.Size <= sizeMax && Utf8.IsValid(message.Slice(field.Start, field.Size));

    private static bool IsHash(string? text) => string.IsNullOrEmpty(text) || Base64UrlText.IsSha256(text);

    private static string Text(ReadOnlySpan<byte> message, (int Start, int Size) field) =>
        field.Size == 0 ? "" : Encoding.UTF8.GetString(message.Slice(field.Start, field.Size));
}
