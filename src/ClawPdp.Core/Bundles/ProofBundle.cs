using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;

namespace ClawPdp.Core.Bundles;

/// <summary>What one proof bundle (proof_bundle.v1) says: a chain of events and the receipts about them.</summary>
public sealed record ProofBundle
{
    /// <summary>The most receipts of one kind.</summary>
    public const int ReceiptCountMax = 1_000;

    /// <summary>Gets the bundle's id.</summary>
    public required string BundleId { get; init; }

    /// <summary>Gets the agent, whose key signs the bundle.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the events in their order, 1 to 1,000.</summary>
    public required ImmutableArray<RunEvent> Events { get; init; }

    /// <summary>Gets the envelopes of model calls.</summary>
    public ImmutableArray<JsonValue> GatewayReceipts { get; init; } = [];

    /// <summary>Gets the envelopes of tool calls.</summary>
    public ImmutableArray<JsonValue> ToolReceipts { get; init; } = [];

    /// <summary>Gets the payloads of side effects: the public schema takes no envelopes there.</summary>
    public ImmutableArray<JsonValue> SideEffectReceipts { get; init; } = [];

    /// <summary>Gets what else the bundle says; <see langword="null"/> for nothing.</summary>
    public JsonValue? Metadata { get; init; }

    /// <summary>Gives the payload, or every fault. Receipts of a kind are sorted by their ids.</summary>
    public Result<JsonValue> ToPayload()
    {
        var payload = new JsonObjectBuilder()
            .Add("agent_did", AgentDid)
            .Add("bundle_id", BundleId)
            .Add("bundle_version", "1")
            .Add("event_chain", JsonValue.ArrayOf([.. Events.Select(static item => item.ToJson())]))
            .AddIfPresent("metadata", Metadata)
            .AddIfPresent("receipts", Sorted(GatewayReceipts))
            .AddIfPresent("side_effect_receipts", Sorted(SideEffectReceipts))
            .AddIfPresent("tool_receipts", Sorted(ToolReceipts))
            .Build();
        var faults = ProofBundleSchema.Check(payload);
        if (!faults.IsEmpty)
        {
            return Result.Invalid<JsonValue>(faults);
        }

        if (EventChain.FindFault(Events) is { } chainFault)
        {
            return Result.Invalid<JsonValue>($"/event_chain/{chainFault.Index}", chainFault.Message);
        }

        return CausalRules.FindFault(payload) is { } causalFault
            ? Result.Invalid<JsonValue>(causalFault.Pointer, $"{causalFault.Code}: {causalFault.Message}")
            : Result.Valid(payload);
    }

    private static JsonValue? Sorted(ImmutableArray<JsonValue> receipts) => receipts.IsDefaultOrEmpty
        ? null
        : JsonValue.ArrayOf([.. receipts.OrderBy(static receipt => (receipt.Find("payload") ?? receipt).FindText("receipt_id"), StringComparer.Ordinal)]);
}
