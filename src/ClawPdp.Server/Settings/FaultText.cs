using ClawPdp.Core.Faults;

namespace ClawPdp.Server.Settings;

/// <summary>Writes a fault as one line: <c>FILE:LINE: POINTER: message (hint)</c>.</summary>
internal static class FaultText
{
    public static string Write(string file, Fault fault)
    {
        var place = fault.Line is { } line ? $"{file}:{line}" : file;
        var pointer = fault.Pointer.Length > 0 ? $": {fault.Pointer}" : "";
        var hint = fault.Hint is null ? "" : $" ({fault.Hint})";
        return $"{place}{pointer}: {fault.Message}{hint}";
    }
}
