using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ClawPdp.Ledger.Records;

/// <summary>How long the parts of a record may be. Text is valid UTF-16, as anything else would not read back the same.</summary>
internal static class ContentLimits
{
    public const int IdLengthMax = 256;
    public const int TextLengthMax = 1024;
    public const int IdentityLengthMax = 4096;
    public const int DetailsLengthMax = 65_536;
    public const int EnvelopeSizeMaxBytes = 1024 * 1024;

    public static void ThrowUnlessText(string value, int lengthMax, string name)
    {
        if (value.Length == 0 || value.Length > lengthMax || !IsWellFormed(value))
        {
            throw new ArgumentException($"`{name}` must be 1 to {lengthMax} characters", name);
        }
    }

    public static void ThrowIfLonger(string? value, int lengthMax, string name)
    {
        if (value?.Length > lengthMax || !IsWellFormed(value))
        {
            throw new ArgumentException($"`{name}` must be at most {lengthMax} characters", name);
        }
    }

    public static void ThrowIfTraceIsLonger(string? traceParent, string? traceState)
    {
        ThrowIfLonger(traceParent, IdLengthMax, "TraceParent");
        ThrowIfLonger(traceState, TextLengthMax, "TraceState");
    }

    public static void ThrowUnlessEnvelope(ReadOnlySpan<byte> envelope, string name)
    {
        if (envelope.IsEmpty || envelope.Length > EnvelopeSizeMaxBytes || !Utf8.IsValid(envelope))
        {
            throw new ArgumentException($"`{name}` must be 1 to {EnvelopeSizeMaxBytes} bytes of UTF-8", name);
        }
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\ud800', '\udfff') is var next && next >= 0)
        {
            if (Rune.DecodeFromUtf16(text[next..], out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[(next + length)..];
        }

        return true;
    }
}
