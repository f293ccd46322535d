using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Engine.Decisions;

/// <summary>How an answer came about. The engine fills it in on its way and decides the same with and without one.</summary>
public sealed class DecisionTrace
{
    private readonly List<CheckTrace> _checks = [];
    private readonly List<LinkTrace> _links = [];

    /// <summary>Gets the checks in their order, up to the first that failed.</summary>
    public IReadOnlyList<CheckTrace> Checks => _checks;

    /// <summary>Gets what each policy of the chain made of each dimension, in the order of asking.</summary>
    public IReadOnlyList<LinkTrace> Links => _links;

    internal ICollection<LinkTrace> LinkCollection => _links;

    // What the links said before an approval was found is not what the answer rests on.
    internal void ForgetLinks() => _links.Clear();

    internal void Pass(string check, string detail) => _checks.Add(new CheckTrace(check, ReasonCode.Allowed, detail));

    internal void Skip(string check, string detail) => _checks.Add(new CheckTrace(check, null, detail));

    internal void Fail(string check, ReasonCode reason, string detail) => _checks.Add(new CheckTrace(check, reason, detail));
}
