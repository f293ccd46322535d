using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Tests.Attacks;

/// <summary>Every token of the table, each at an engine of its own, and all at one that remembers the good one.</summary>
public sealed class AttackTokenTests
{
    [Fact]
    public void Decide_EachRow_GivesTheReasonOfTheTable()
    {
        using var fixture = new EngineFixture();
        var forged = new ForgedToken(fixture);
        var rows = AttackRows.Read("cst.json");
        Assert.InRange(rows.Count, 200, int.MaxValue);

        // Twice: what is remembered of the first time must not change the second.
        foreach (var row in rows.Concat(rows))
        {
            var decision = fixture.Ask(forged.Make(row), "github");
            var expected = AttackRows.Text(row, "expect");

            Assert.True(expected == "ANY_DENIAL" || expected == ReasonCatalog.NameOf(decision.Reason), $"{AttackRows.Text(row, "name")}: {decision.Reason}, {decision.Message}");
            Assert.Equal(expected == "ALLOWED", decision.Effect == Effect.Allow);
        }
    }
}
