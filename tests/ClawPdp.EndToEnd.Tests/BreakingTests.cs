namespace ClawPdp.EndToEnd.Tests;

/// <summary>Tests that break things and look at what comes of it in time: one after the other, and beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BreakingTests
{
    public const string Name = "breaking";
}
