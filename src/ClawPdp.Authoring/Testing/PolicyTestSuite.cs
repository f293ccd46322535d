using System.Collections.Immutable;

namespace ClawPdp.Authoring.Testing;

/// <summary>A test file: every case is asked of every policy.</summary>
/// <param name="File">The file.</param>
/// <param name="Targets">The policies under test.</param>
/// <param name="Cases">The cases, in the file's order.</param>
public sealed record PolicyTestSuite(string File, ImmutableArray<PolicyTestTarget> Targets, ImmutableArray<PolicyTestCase> Cases);
