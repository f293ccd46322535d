using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Core.Runs;

/// <summary>The public schema of a chain of events that stands by itself (event_chain.v1), a closed object.</summary>
public static class EventChainSchema
{
    /// <summary>Checks the payload.</summary>
    public static ImmutableArray<Fault> Check(JsonValue payload)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(payload, faults);
        _ = root.IsObjectOf("chain_version", "chain_id", "run_id", "events", "metadata");
        PayloadRules.Is(root.Required("chain_version"), "1");
        PayloadRules.Text(root.Required("chain_id"));
        PayloadRules.Text(root.Required("run_id"));
        PayloadRules.Object(root.Optional("metadata"));
        foreach (var item in root.Required("events")?.AsArray(EventChain.CountMax, 1) ?? [])
        {
            foreach (var fault in RunEventReader.Read(item.Value).Faults)
            {
                item.RefuseAt(fault.Pointer, fault.Message);
            }
        }

        return [.. faults];
    }
}
