using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>
/// One JSON-RPC 2.0 message of the Model Context Protocol, read so strictly that whoever reads it after the guard reads the same: no name stands
/// twice, and none is a known one in another spelling, which some readers take for the known one.
/// </summary>
internal sealed class McpMessage
{
    /// <summary>The largest message that is taken.</summary>
    public const int SizeMaxBytes = 16 * 1024 * 1024;

    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, "jsonrpc", "id", "method", "params", "result", "error");

    private McpMessage(JsonValue root, ReadOnlyMemory<byte> utf8)
    {
        Root = root;
        Utf8 = utf8;
        Method = root.FindText("method");
        Params = root.Find("params");
        Id = root.Find("id");
    }

    /// <summary>Gets the whole message.</summary>
    public JsonValue Root { get; }

    /// <summary>Gets its text, without an end of line.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Gets the method; <see langword="null"/> for an answer.</summary>
    public string? Method { get; }

    /// <summary>Gets the parameters; <see langword="null"/> for none.</summary>
    public JsonValue? Params { get; }

    /// <summary>Gets the id, a string or an integer; <see langword="null"/> for a notification.</summary>
    public JsonValue? Id { get; }

    /// <summary>Gets the id as a key; empty for a notification.</summary>
    public string IdKey => Id is null ? "" : JsonWriter.CanonicalText(Id);

    /// <summary>Gets a value indicating whether it asks for an answer.</summary>
    public bool IsRequest => Method is not null && Id is not null;

    /// <summary>Gets a value indicating whether it is an answer.</summary>
    public bool IsResponse => Method is null;

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">The text; it is kept.</param>
    /// <param name="message">The message.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out McpMessage? message, [NotNullWhen(false)] out string? fault)
    {
        message = null;
        if (utf8.Span.Contains((byte)'\r'))
        {
            // White space to JSON, and to many readers of lines the end of one: they would read other messages than this one.
            fault = "a carriage return within the message";
            return false;
        }

        var parsed = JsonReader.Parse(utf8.Span, SizeMaxBytes);
        if (!parsed.TryGet(out var root))
        {
            fault = "not strict JSON: " + string.Join("; ", parsed.Faults.Select(static found => $"{found.Pointer} {found.Message}"));
            return false;
        }

        fault = root.Kind == JsonKind.Object ? FaultOf(root) : "not one object: batches are no part of the protocol";
        message = fault is null ? new McpMessage(root, utf8) : null;
        return message is not null;
    }

    private static string? FaultOf(JsonValue root)
    {
        if (root.Members.FirstOrDefault(static member => !Known.Contains(member.Name)) is { Name: { } name })
        {
            return $"unknown member `{name}`";
        }

        if (root.FindText("jsonrpc") is not "2.0")
        {
            return "jsonrpc: `2.0` is expected";
        }

        if (root.Find("id") is { } id && !IsId(id))
        {
            return "id: a string or an integer is expected";
        }

        if (root.Find("method") is { } method)
        {
            return method.Kind == JsonKind.String && root.Find("result") is null && root.Find("error") is null ? null : "method: a string beside neither result nor error is expected";
        }

        return root.Find("id") is not null && (root.Find("result") is null) != (root.Find("error") is null) ? null : "an answer has an id, and either a result or an error";
    }

    // The protocol has no null for an id, except in the error for a message whose id could not be read.
    private static bool IsId(JsonValue id) => id.Kind switch
    {
        JsonKind.String => true,
        JsonKind.Number => Math.Floor(id.Number) == id.Number && Math.Abs(id.Number) <= 9_007_199_254_740_991,
        _ => false,
    };
}
