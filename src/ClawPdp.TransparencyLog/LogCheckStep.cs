namespace ClawPdp.TransparencyLog;

/// <summary>One step of checking a log.</summary>
/// <param name="Name">What was checked, in lower_snake_case.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Detail">What was found.</param>
public sealed record LogCheckStep(string Name, bool Passed, string Detail);
