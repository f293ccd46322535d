using System.Globalization;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Runs;

/// <summary>
/// The first event of every segment of a run but the first. It links the segment to the one before, since a public verifier wants a
/// chain that begins with no link.
/// </summary>
public static class Continuation
{
    /// <summary>The type of such an event; callers may not use it.</summary>
    public const string EventType = "run_continued";

    /// <summary>Gives the id of the event; callers may not use ids that begin so.</summary>
    /// <param name="segment">The segment that it opens, from 2.</param>
    public static string EventIdOf(int segment) => string.Create(CultureInfo.InvariantCulture, $"{EventType}_{segment}");

    /// <summary>Gives the payload whose JCS the event's payload hash is of.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="segment">The segment that it opens, from 2.</param>
    /// <param name="previousEventHash">The hash of the last event of the segment before, base64url.</param>
    public static JsonValue PayloadOf(string runId, int segment, string previousEventHash) => new JsonObjectBuilder()
        .Add("previous_event_hash_b64u", previousEventHash)
        .Add("run_id", runId)
        .Add("segment", segment)
        .Build();
}
