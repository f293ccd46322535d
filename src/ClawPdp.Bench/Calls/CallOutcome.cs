using System.Runtime.InteropServices;

namespace ClawPdp.Bench.Calls;

/// <summary>How a call ended.</summary>
/// <param name="Fault">The kind of fault; <see langword="null"/> for a good answer.</param>
/// <param name="SentBytes">The request's frames, without HTTP/2's own.</param>
/// <param name="ReadBytes">The answer's frames, likewise.</param>
/// <param name="Proving">How much of the call's time its proofs took; zero where it has none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallOutcome(string? Fault, int SentBytes, int ReadBytes, TimeSpan Proving = default);
