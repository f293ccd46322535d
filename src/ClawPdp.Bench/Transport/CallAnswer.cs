using System.Runtime.InteropServices;

namespace ClawPdp.Bench.Transport;

/// <summary>What came back of a unary call.</summary>
/// <param name="Fault">What went wrong below gRPC, or the status that is not OK; <see langword="null"/> for OK.</param>
/// <param name="Body">The answer's frames, valid until the slot's next call.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallAnswer(string? Fault, ReadOnlyMemory<byte> Body);
