using System.Runtime.InteropServices;

namespace ClawPdp.Bench.Loops;

/// <summary>When a call was meant to start, could start, did start and ended, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
/// <param name="Intended">When the schedule has it; in a closed loop, when it was sent.</param>
/// <param name="Ready">When it could be sent at the earliest: the intended instant, or later when a caller became free.</param>
/// <param name="Sent">When the tool began to send it.</param>
/// <param name="Done">When its answer was checked.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallTimes(long Intended, long Ready, long Sent, long Done);
