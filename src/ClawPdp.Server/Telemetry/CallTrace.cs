using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Grpc.Core;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// The trace that a caller says its call is a part of: the headers <c>traceparent</c> and <c>tracestate</c> of W3C Trace Context. What is not
/// well formed counts as absent. The default is no trace.
/// </summary>
/// <param name="Parent">The <c>traceparent</c>, 55 characters; <see langword="null"/> for none.</param>
/// <param name="State">The <c>tracestate</c>, 1 to 512 characters; <see langword="null"/> for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallTrace(string? Parent, string? State)
{
    // version "-" trace-id "-" parent-id "-" trace-flags, all lower-case hexadecimal (W3C Trace Context, section 3.2.2).
    private const int ParentLength = 55;
    private const int TraceStart = 3;
    private const int TraceLength = 32;
    private const int SpanStart = 36;
    private const int SpanLength = 16;
    private const int FlagsStart = 53;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Gets the id of the trace, 32 lower-case hexadecimal digits; <see langword="null"/> for none.</summary>
    public string? TraceId => Parent?.Substring(TraceStart, TraceLength);

    /// <summary>Reads the trace of a request.</summary>
    public static CallTrace Of(IHeaderDictionary headers)
    {
        var parent = headers.TraceParent;
        if (parent.Count != 1 || ReadParent(parent.ToString()) is not { } known)
        {
            return default;
        }

        var state = headers.TraceState;
        return new CallTrace(known, state.Count == 0 ? null : TraceStateText.Read(state.ToString()));
    }

    /// <summary>Reads the trace of a call.</summary>
    public static CallTrace Of(ServerCallContext context) => Of(context.GetHttpContext().Request.Headers);

    /// <summary>Reads a <c>traceparent</c>; <see langword="null"/> when it is not well formed. Of a later version its known part is taken.</summary>
    public static string? ReadParent(string text)
    {
        var isLonger = text.Length > ParentLength && text[ParentLength] == '-' && !text.StartsWith("00", StringComparison.Ordinal);
        if ((text.Length != ParentLength && !isLonger) || text[TraceStart - 1] != '-' || text[SpanStart - 1] != '-' || text[FlagsStart - 1] != '-')
        {
            return null;
        }

        var isWhole = IsHex(text.AsSpan(0, 2))
            && !text.StartsWith("ff", StringComparison.Ordinal)
            && IsId(text.AsSpan(TraceStart, TraceLength))
            && IsId(text.AsSpan(SpanStart, SpanLength))
            && IsHex(text.AsSpan(FlagsStart, 2));
        return isWhole ? text[..ParentLength] : null;
    }

    /// <summary>Gives the trace as the context of a span's parent; the default for none.</summary>
    public ActivityContext ToContext() => Parent is { } parent && ActivityContext.TryParse(parent, State, isRemote: true, out var context) ? context : default;

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);

    private static bool IsId(ReadOnlySpan<char> text) => IsHex(text) && text.ContainsAnyExcept('0');
}
