namespace ClawPdp.Server.Tests.Doors;

/// <summary>The tests of doors that need nothing but the sidecar as it is: they share one.</summary>
[CollectionDefinition(Name)]
public sealed class PlainDoors : ICollectionFixture<RunningSidecar>
{
    public const string Name = "doors of a plain sidecar";
}
