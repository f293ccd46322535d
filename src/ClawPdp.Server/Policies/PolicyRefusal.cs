using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Faults;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>Why a policy was not taken in or not activated.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Faults">What is wrong; at least one.</param>
/// <param name="Field">The field of the request that is at fault.</param>
/// <param name="OffendingItem">The value at fault; empty where the field says it.</param>
internal sealed record PolicyRefusal(ReasonCode Reason, ImmutableArray<Fault> Faults, string Field, string OffendingItem = "")
{
    public PolicyRefusal(ReasonCode reason, string message, string field, string offendingItem = "")
        : this(reason, [new Fault("", message)], field, offendingItem)
    {
    }

    /// <summary>Gets the first fault in words, with its place.</summary>
    public string Message => Faults[0].Pointer.Length == 0 && Faults[0].Line is null ? Faults[0].Message : FaultText.Write("policy", Faults[0]);
}
