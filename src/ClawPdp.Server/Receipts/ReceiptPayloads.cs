using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Receipts;

/// <summary>Makes the payload of a receipt from what was asked and decided.</summary>
internal static class ReceiptPayloads
{
    /// <summary>Gives the envelope type of a kind of content.</summary>
    public static string TypeOf(ReceiptContent content) => content switch
    {
        ModelCallContent => EnvelopeTypes.GatewayReceipt,
        ToolCallContent => EnvelopeTypes.ToolReceipt,
        SideEffectContent => EnvelopeTypes.SideEffectReceipt,
        _ => throw new ArgumentOutOfRangeException(nameof(content), "no such kind of receipt"),
    };

    /// <summary>Makes an id, whose prefix tells the kind.</summary>
    public static string NewId(ReceiptContent content, DateTimeOffset now)
    {
        var prefix = content switch
        {
            ModelCallContent => "rcpt_",
            ToolCallContent => "tr_",
            _ => "ser_",
        };
        return prefix + Guid.CreateVersion7(now).ToString("N");
    }

    /// <summary>Gives the payload, or every fault in what the caller stated.</summary>
    /// <param name="receiptId">The id.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="decision">The decision that allows it; fills policy and token scope.</param>
    /// <param name="place">Where it stands in its run.</param>
    /// <param name="spanId">Its own span; empty for none.</param>
    /// <param name="gatewayId">Who stands for model calls.</param>
    /// <param name="now">The receipt's time.</param>
    public static Result<JsonValue> Build(
        string receiptId,
        ReceiptRequest request,
        Decision decision,
        ReceiptPlace place,
        string spanId,
        string gatewayId,
        DateTimeOffset now)
    {
        var agent = decision.Token?.Claims.Subject ?? "";
        var binding = BindingOf(request, decision, place, spanId);
        return request.Content switch
        {
            ModelCallContent call => new GatewayReceipt
            {
                ReceiptId = receiptId,
                GatewayId = gatewayId,
                Provider = call.Provider,
                Model = call.Model,
                RequestHash = call.RequestHash,
                ResponseHash = call.ResponseHash,
                TokensInput = call.TokensInput,
                TokensOutput = call.TokensOutput,
                LatencyMilliseconds = call.LatencyMilliseconds,
                Timestamp = now,
                Binding = binding,
            }.ToPayload(),
            ToolCallContent call => new ToolReceipt
            {
                ReceiptId = receiptId,
                ToolName = call.ToolName,
                ToolVersion = call.ToolVersion,
                AgentDid = agent,
                ArgumentsHash = call.ArgumentsHash,
                ResultHash = call.ResultHash,
                ResultStatus = call.ResultStatus,
                LatencyMilliseconds = call.LatencyMilliseconds,
                Timestamp = now,
                Binding = binding,
            }.ToPayload(),
            SideEffectContent effect => new SideEffectReceipt
            {
                ReceiptId = receiptId,
                AgentDid = agent,
                EffectClass = effect.EffectClass,
                TargetHash = effect.TargetHash,
                RequestHash = effect.RequestHash,
                ResponseHash = effect.ResponseHash,
                VendorId = effect.VendorId,
                ResponseStatus = effect.ResponseStatus,
                LatencyMilliseconds = effect.LatencyMilliseconds,
                BytesWritten = effect.BytesWritten,
                Timestamp = now,
                Binding = binding with { CapabilityId = effect.CapabilityId },
            }.ToPayload(),
            _ => throw new ArgumentOutOfRangeException(nameof(request), "no such kind of receipt"),
        };
    }

    /// <summary>Gives a payload that was built for any place as it is at one place and time.</summary>
    /// <param name="payload">The payload, whose binding names no span above it.</param>
    /// <param name="place">Where it stands in its run: hashes and spans that are in the ledger.</param>
    /// <param name="time">The receipt's time.</param>
    public static JsonValue At(JsonValue payload, ReceiptPlace place, DateTimeOffset time)
    {
        var members = payload.Members.ToBuilder();
        for (var index = 0; index < members.Count; index++)
        {
            members[index] = members[index].Name switch
            {
                "timestamp" => new JsonMember("timestamp", JsonValue.Of(Rfc3339.Format(time))),
                "binding" => new JsonMember("binding", BindingAt(members[index].Value, place)),
                _ => members[index],
            };
        }

        return JsonValue.ObjectOf(members.MoveToImmutable());
    }

    private static JsonValue BindingAt(JsonValue binding, ReceiptPlace place)
    {
        var placed = new JsonObjectBuilder();
        foreach (var member in binding.Members)
        {
            _ = member.Name is "event_hash_b64u" ? placed.Add(member.Name, place.EventHash) : placed.Add(member.Name, member.Value);
        }

        return placed.AddIfPresent("parent_span_id", place.ParentSpanId).Build();
    }

    private static ReceiptBinding BindingOf(ReceiptRequest request, Decision decision, ReceiptPlace place, string spanId) => new()
    {
        RunId = request.RunId,
        EventHash = place.EventHash,
        Nonce = request.Nonce,
        PolicyHash = decision.Policy?.PolicyHash,
        TokenScopeHash = decision.Token?.Claims.TokenScopeHash,
        SpanId = spanId,
        ParentSpanId = place.ParentSpanId,
        ToolSpanId = request.ToolSpanId,
        Phase = request.Phase,
        DecisionId = request.DecisionId,
    };
}
