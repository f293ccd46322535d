using System.Collections.Immutable;

namespace ClawPdp.Core.Runs;

/// <summary>The rules of an event chain.</summary>
public static class EventChain
{
    /// <summary>The most events that one bundle holds; a longer run is split into linked bundles.</summary>
    public const int CountMax = 1_000;

    /// <summary>Finds the first fault, in the order and with the codes of the public verifier.</summary>
    /// <returns>The fault; <see langword="null"/> when the chain holds.</returns>
    public static EventChainFault? FindFault(ImmutableArray<RunEvent> events)
    {
        if (events.IsDefaultOrEmpty || events.Length > CountMax)
        {
            return new EventChainFault(EventChainFault.Malformed, 0, $"1 to {CountMax} events are expected");
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < events.Length; index++)
        {
            if (FindFault(events, index, known) is { } message)
            {
                return new EventChainFault(EventChainFault.Malformed, index, message);
            }
        }

        // The links come first, as at the public verifier: a chain that is both torn and wrong is torn.
        for (var index = 0; index < events.Length; index++)
        {
            if (!Same(events[index].EventHash, events[index].ComputeHash()))
            {
                return new EventChainFault(EventChainFault.HashMismatch, index, "the hash is not that of the event");
            }
        }

        return null;
    }

    private static string? FindFault(ImmutableArray<RunEvent> events, int index, HashSet<string> known)
    {
        var item = events[index];
        if (!known.Add(item.EventId))
        {
            return "the event's id stands twice in the chain";
        }

        if (!Same(item.RunId, events[0].RunId))
        {
            return "the event is of another run than the first";
        }

        return Same(item.PreviousHash, index == 0 ? null : events[index - 1].EventHash)
            ? null
            : "the event does not link to the one before it";
    }

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);
}
