using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Runs;

/// <summary>One event of a run, linked to the one before it by a hash.</summary>
public sealed record RunEvent
{
    /// <summary>Gets the event's id, unique in its run.</summary>
    public required string EventId { get; init; }

    /// <summary>Gets the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets what happened, such as <c>llm_call</c> or <c>tool_call</c>.</summary>
    public required string EventType { get; init; }

    /// <summary>Gets when it happened: RFC 3339, kept as it was written since the hash covers the text.</summary>
    public required string Timestamp { get; init; }

    /// <summary>Gets the SHA-256 of the event's own payload, base64url. The payload itself is never kept.</summary>
    public required string PayloadHash { get; init; }

    /// <summary>Gets the hash of the event before it, base64url; <see langword="null"/> for the first of its chain.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>Gets the hash that the event states for itself, base64url. It holds only if it equals <see cref="ComputeHash"/>.</summary>
    public required string EventHash { get; init; }

    /// <summary>Makes the event that follows another one.</summary>
    /// <param name="previous">The last event of the chain; <see langword="null"/> begins one.</param>
    /// <param name="header">The event without its links; its run has to be that of <paramref name="previous"/>.</param>
    public static RunEvent Following(RunEvent? previous, RunEvent header)
    {
        if (previous is not null && !string.Equals(previous.RunId, header.RunId, StringComparison.Ordinal))
        {
            throw new ArgumentException("an event follows only events of its own run", nameof(header));
        }

        var linked = header with { PreviousHash = previous?.EventHash };
        return linked with { EventHash = linked.ComputeHash() };
    }

    /// <summary>
    /// Computes the hash: SHA-256 over the compact JSON of the six header members in this very order. It is not JCS: public verifiers
    /// refuse the hash over the sorted form.
    /// </summary>
    public string ComputeHash() => Sha256.B64u(JsonWriter.WriteAsReceived(Header().Build()));

    /// <summary>Gives the event as it stands in a bundle.</summary>
    public JsonValue ToJson() => Header().Add("event_hash_b64u", EventHash).Build();

    private JsonObjectBuilder Header() => new JsonObjectBuilder()
        .Add("event_id", EventId)
        .Add("run_id", RunId)
        .Add("event_type", EventType)
        .Add("timestamp", Timestamp)
        .Add("payload_hash_b64u", PayloadHash)
        .Add("prev_hash_b64u", PreviousHash is null ? JsonValue.Null : JsonValue.Of(PreviousHash));
}
