namespace ClawPdp.TransparencyLog;

/// <summary>How a log is now.</summary>
/// <param name="State">The state.</param>
/// <param name="Message">What is wrong; empty when nothing is.</param>
/// <param name="Size">The number of published entries.</param>
/// <param name="LastSequence">The sequence of the last record that is covered.</param>
public sealed record LogHealth(LogState State, string Message, long Size, long LastSequence);
