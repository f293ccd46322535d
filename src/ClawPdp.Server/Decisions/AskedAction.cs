using System.Runtime.InteropServices;
using ClawPdp.Engine.Decisions;

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
}
