using System.Diagnostics;
using ClawPdp.Core.Decisions;
using ClawPdp.Server.Decisions;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// Makes the spans of calls and of decisions. While nobody listens, which is so unless the settings name a collector, none is made and
/// nothing is paid. A span holds no token and nothing that was asked for: the record of its decision does, and has its trace.
/// </summary>
internal sealed class CallSpans : IDisposable
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "ClawPdp";

    private readonly ActivitySource _source = new(SourceName);

    /// <summary>Gets a value indicating whether anybody listens.</summary>
    public bool AreHeard => _source.HasListeners();

    /// <summary>Ends a span's account of a decision; the span itself is ended by whoever began it.</summary>
    public static void Tell(Activity? span, in RecordedDecision recorded)
    {
        if (span is null)
        {
            return;
        }

        var decision = recorded.Decision;
        span.SetTag("clawpdp.effect", decision.Effect == Effect.Allow ? "allow" : "deny");
        span.SetTag("clawpdp.reason", ReasonCatalog.NameOf(decision.Reason));
        span.SetTag("clawpdp.decision_id", recorded.DecisionId);
        span.SetTag("clawpdp.epoch", decision.Epoch);
    }

    /// <summary>Begins the span of a decision; <see langword="null"/> when nobody wants it.</summary>
    public Activity? BeginDecision(in AskedAction asked)
    {
        // Inside a call that has a span it is a part of that; else of the caller's own.
        var span = Begin("decide", asked.Trace, Activity.Current is null ? ActivityKind.Server : ActivityKind.Internal);
        return span?.SetTag("clawpdp.door", DecisionMeter.NameOf(asked.Door));
    }

    /// <summary>Begins the span of a call; <see langword="null"/> when nobody wants it.</summary>
    /// <param name="method">Its full name, with a slash in front.</param>
    /// <param name="trace">The caller's trace.</param>
    public Activity? BeginCall(string method, in CallTrace trace)
    {
        var span = AreHeard ? Begin(method[1..], trace, ActivityKind.Server) : null;
        return span?.SetTag("rpc.system", "grpc");
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private Activity? Begin(string name, in CallTrace trace, ActivityKind kind) => !AreHeard ? null
        : Activity.Current is null ? _source.StartActivity(name, kind, trace.ToContext())
        : _source.StartActivity(name, kind);
}
