using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.EndToEnd.Tests.Attacks;

/// <summary>Writes the frames of a row (RFC 9113 section 4.1) with nothing in between that could put them right.</summary>
internal sealed class RawFrames
{
    private const int LargeHeaderSize = 16_000;
    private const int EntrySize = 3_900;

    private static readonly string[] Types = ["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION"];

    private int _stream = -1;

    /// <summary>Gets the preface and empty settings.</summary>
    public static byte[] Preface => [.. Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// <summary>Writes a frame.</summary>
    public byte[] Write(JsonElement frame)
    {
        var type = Text(frame, "type");
        var payload = PayloadOf(frame);
        if (type == "raw")
        {
            return payload;
        }

        var written = new byte[9 + payload.Length];
        var length = frame.TryGetProperty("length", out var told) ? told.GetInt32() : payload.Length;
        BinaryPrimitives.WriteInt32BigEndian(written, length << 8);
        written[3] = type.StartsWith("0x", StringComparison.Ordinal)
            ? byte.Parse(type[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : (byte)Array.IndexOf(Types, type);
        written[4] = frame.TryGetProperty("flags", out var flags) ? flags.GetByte() : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(written.AsSpan(5), StreamOf(frame.GetProperty("stream")));
        payload.CopyTo(written, 9);
        return written;
    }

    private static string Text(JsonElement frame, string name) => frame.TryGetProperty(name, out var member) ? member.GetString() ?? "" : "";

    private int StreamOf(JsonElement stream)
    {
        if (stream.ValueKind == JsonValueKind.Number)
        {
            _stream = stream.GetInt32();
        }
        else if (stream.GetString() == "new")
        {
            _stream += 2;
        }

        return Math.Max(0, _stream);
    }

    private static byte[] PayloadOf(JsonElement frame) => Text(frame, "payload") switch
    {
        "request" => Request(),
        "question" => Question(),
        "header" => Literal(0x00, "x-a", new string('a', LargeHeaderSize)),
        "bomb" => [.. Request(), .. Literal(0x40, "x-b", new string('b', EntrySize))],
        "bomb-again" => [.. Request(), .. Enumerable.Repeat((byte)0xBE, 8_000)],
        "padding" => [255, .. new byte[255]],
        _ => frame.TryGetProperty("zeros", out var count) ? new byte[count.GetInt32()] : Convert.FromHexString(Text(frame, "hex")),
    };

    // HPACK (RFC 7541): POST and http from the static table, the rest as literals that are not indexed.
    private static byte[] Request() =>
    [
        0x83, 0x86, 0x04, .. Value("/clawpdp.v1.DecisionService/Authorize"), 0x01, .. Value("127.0.0.1"),
        .. Literal(0x00, "content-type", "application/grpc"), .. Literal(0x00, "te", "trailers"),
    ];

    private static byte[] Question()
    {
        var message = new AuthorizeRequest { Tool = LiveSidecar.Tool }.ToByteArray();
        return [0, 0, 0, 0, (byte)message.Length, .. message];
    }

    private static byte[] Literal(byte kind, string name, string value) => [kind, .. Value(name), .. Value(value)];

    private static byte[] Value(string text)
    {
        var bytes = new List<byte>();
        if (text.Length < 127)
        {
            bytes.Add((byte)text.Length);
        }
        else
        {
            bytes.Add(127);
            var rest = text.Length - 127;
            for (; rest > 127; rest >>= 7)
            {
                bytes.Add((byte)((rest & 127) | 128));
            }

            bytes.Add((byte)rest);
        }

        return [.. bytes, .. Encoding.ASCII.GetBytes(text)];
    }
}
