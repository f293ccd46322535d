using ClawPdp.Engine.Holders;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Decisions;

/// <summary>Who asks, by which door, and as a part of what.</summary>
/// <param name="Peer">Who is at the other end.</param>
/// <param name="Door">The door.</param>
/// <param name="Trace">The caller's trace.</param>
internal sealed record Asker(CallPeer Peer, DecisionDoor Door, CallTrace Trace)
{
    /// <summary>Gets what the request shows of who makes it; <see langword="null"/> for nothing.</summary>
    public HolderEvidence? Evidence { get; init; }

    /// <summary>Gives the asker of a request.</summary>
    public static Asker Of(HttpContext context, DecisionDoor door) => Of(context, door, CallEvidence.Of(context));

    /// <summary>Gives the asker of a request that tells of another one, whose holder shows something.</summary>
    public static Asker Of(HttpContext context, DecisionDoor door, HolderEvidence? evidence) =>
        new(PeerNaming.PeerOf(context), door, CallTrace.Of(context.Request.Headers)) { Evidence = evidence };
}
