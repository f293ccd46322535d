using System.Runtime.InteropServices;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Holders;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Decisions;

/// <summary>A question with what goes into its record beside it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AskedAction
{
    public AskedAction()
    {
    }

    public required Question Question { get; init; }

    public string EventHash { get; init; } = "";

    /// <summary>Gets the door by which it came.</summary>
    public DecisionDoor Door { get; init; }

    /// <summary>Gets the trace that it is a part of.</summary>
    public CallTrace Trace { get; init; }

    /// <summary>Gives the same as it is asked by somebody.</summary>
    public AskedAction By(Asker asker) => ShownWith(asker.Evidence) with { Door = asker.Door, Trace = asker.Trace };

    /// <summary>Gives the same with what the call shows of who makes it.</summary>
    public AskedAction ShownWith(HolderEvidence? evidence) => evidence is null ? this : this with { Question = Question with { Token = Question.Token.ShownWith(evidence) } };
}
