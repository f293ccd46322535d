using ClawPdp.Core.Faults;

namespace ClawPdp.Authoring.Sources;

/// <summary>A fault of one of several files.</summary>
/// <param name="File">The file, as it was named to us or found.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record FileFault(string File, Fault Fault);
