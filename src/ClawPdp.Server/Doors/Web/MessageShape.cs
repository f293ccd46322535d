using System.Buffers.Text;
using System.Globalization;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ClawPdp.Server.Doors.Web;

/// <summary>Finds what keeps JSON from being a message, and where.</summary>
internal static class MessageShape
{
    // From here on not every whole number is a number of JSON, and another one may have been meant.
    private const double ExactMax = 1L << 53;

    private static readonly HashSet<string> TextTypes = new(["google.protobuf.Timestamp", "google.protobuf.Duration"], StringComparer.Ordinal);

    /// <summary>Gives the faults, in their order; none for JSON that is a message.</summary>
    public static List<Fault> FaultsOf(JsonValue value, MessageDescriptor type)
    {
        var faults = new List<Fault>();
        CheckMessage(JsonCursor.At(value, faults), type);
        return faults;
    }

    private static void CheckMessage(JsonCursor cursor, MessageDescriptor type)
    {
        if (TextTypes.Contains(type.FullName))
        {
            CheckText(cursor, type);
            return;
        }

        if (cursor.Value.Kind != JsonKind.Object)
        {
            cursor.Refuse("an object is expected");
            return;
        }

        var given = new HashSet<object>();
        foreach (var name in cursor.Value.Members.Select(static member => member.Name))
        {
            // INVARIANT: the member is there; a strict text has no name twice.
            if (cursor.Optional(name) is { } member)
            {
                CheckMember(member, FieldOf(type, name), given);
            }
        }
    }

    private static FieldDescriptor? FieldOf(MessageDescriptor type, string name) => type.Fields.InDeclarationOrder().FirstOrDefault(field =>
        string.Equals(field.JsonName, name, StringComparison.Ordinal) || string.Equals(field.Name, name, StringComparison.Ordinal));

    private static void CheckMember(JsonCursor member, FieldDescriptor? field, HashSet<object> given)
    {
        if (field is null)
        {
            member.Refuse("there is no such field");
        }
        else if (!given.Add(field))
        {
            member.Refuse($"the field `{field.Name}` is given twice");
        }
        else if (member.Value.Kind != JsonKind.Null)
        {
            if (field.RealContainingOneof is { } oneof && !given.Add(oneof))
            {
                member.Refuse($"`{oneof.Name}` is given already by another field");
                return;
            }

            CheckField(member, field);
        }
    }

    private static void CheckField(JsonCursor member, FieldDescriptor field)
    {
        if (field.IsMap)
        {
            CheckMap(member, field.MessageType);
        }
        else if (field.IsRepeated)
        {
            foreach (var item in member.AsArray(int.MaxValue))
            {
                CheckSingle(item, field);
            }
        }
        else
        {
            CheckSingle(member, field);
        }
    }

    private static void CheckMap(JsonCursor map, MessageDescriptor entry)
    {
        if (map.Value.Kind != JsonKind.Object)
        {
            map.Refuse("an object is expected");
            return;
        }

        foreach (var name in map.Value.Members.Select(static member => member.Name))
        {
            if (map.Optional(name) is { } value)
            {
                CheckSingle(value, entry.FindFieldByNumber(2));
            }
        }
    }

    private static void CheckSingle(JsonCursor cursor, FieldDescriptor field)
    {
        if (field.FieldType is FieldType.Message or FieldType.Group)
        {
            CheckMessage(cursor, field.MessageType);
        }
        else if (ExpectedOf(cursor.Value, field) is { } expected)
        {
            cursor.Refuse(expected + " is expected");
        }
    }

    // What a value is not and should be.
    private static string? ExpectedOf(JsonValue value, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => value.Kind == JsonKind.String ? null : "a string",
        FieldType.Bytes => value.Kind == JsonKind.String && Base64.IsValid(value.Text) ? null : "base64 (RFC 4648, section 4, padded)",
        FieldType.Bool => value.Kind == JsonKind.Boolean ? null : "true or false",
        FieldType.Double or FieldType.Float => value.Kind == JsonKind.Number ? null : "a number",
        FieldType.Enum => IsOf(value, field.EnumType) ? null : $"a name of the enum `{field.EnumType.Name}`",
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => IsWhole(value, int.MinValue, int.MaxValue) ? null : "a whole number of 32 bits",
        FieldType.UInt32 or FieldType.Fixed32 => IsWhole(value, uint.MinValue, uint.MaxValue) ? null : "a whole number of 32 bits, not negative",
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => IsWhole(value, long.MinValue, long.MaxValue) ? null : "a whole number of 64 bits, as a string from 2^53 on",
        _ => IsWhole(value, ulong.MinValue, ulong.MaxValue) ? null : "a whole number of 64 bits, not negative, as a string from 2^53 on",
    };

    private static bool IsOf(JsonValue value, EnumDescriptor type) => value.Kind switch
    {
        JsonKind.String => type.FindValueByName(value.Text) is not null,
        JsonKind.Number => IsWhole(value, 0, int.MaxValue) && type.FindValueByNumber((int)value.Number) is not null,
        _ => false,
    };

    private static bool IsWhole(JsonValue value, Int128 min, Int128 max) => value.Kind switch
    {
        JsonKind.Number => value.Number == Math.Floor(value.Number) && Math.Abs(value.Number) < ExactMax && (Int128)value.Number >= min && (Int128)value.Number <= max,
        JsonKind.String => Int128.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max,
        _ => false,
    };

    private static void CheckText(JsonCursor cursor, MessageDescriptor type)
    {
        try
        {
            if (cursor.Value.Kind == JsonKind.String)
            {
                JsonParser.Default.Parse(System.Text.Encoding.UTF8.GetString(JsonWriter.WriteCanonical(cursor.Value)), type);
                return;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Told below.
        }

        cursor.Refuse($"{type.Name}: a text in the JSON form of google.protobuf is expected, such as {(type.Name is "Duration" ? "`600s`" : "`2026-01-31T12:00:00Z`")}");
    }
}
