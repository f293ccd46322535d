using System.Collections.Immutable;

namespace ClawPdp.Bench.Results;

/// <summary>What a run came to.</summary>
public sealed record ResultsReport
{
    /// <summary>Gets how many calls were made.</summary>
    public required long Calls { get; init; }

    /// <summary>Gets how many were answered as they should: only their times are in the histogram.</summary>
    public required long Good { get; init; }

    /// <summary>Gets how many were not.</summary>
    public required long Errors { get; init; }

    /// <summary>Gets these by their kind, sorted by name.</summary>
    public required ImmutableSortedDictionary<string, long> ErrorsByKind { get; init; }

    /// <summary>Gets how many calls the warm-up had.</summary>
    public required long WarmUpCalls { get; init; }

    /// <summary>Gets how many calls of the warm-up were not answered as they should.</summary>
    public required long WarmUpErrors { get; init; }

    /// <summary>Gets these by their kind, sorted by name.</summary>
    public required ImmutableSortedDictionary<string, long> WarmUpErrorsByKind { get; init; }

    /// <summary>Gets the length of the measured part, from its start to the last answer, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the good calls a second.</summary>
    public required double CallsPerSecond { get; init; }

    /// <summary>Gets the questions of good calls a second.</summary>
    public required double QuestionsPerSecond { get; init; }

    /// <summary>Gets the good calls' times: from the intended start in an open loop, from the sending in a closed one. Absent where there is none.</summary>
    public TimesReport? LatencyUs { get; init; }

    /// <summary>Gets the good calls' times from the sending on. Absent where there is none.</summary>
    public TimesReport? ServiceUs { get; init; }

    /// <summary>Gets how much of the good calls' times the signing of their proofs took. Absent where calls carry none.</summary>
    public TimesReport? ProofUs { get; init; }

    /// <summary>Gets how late the tool itself sent, all calls. Absent where there is none.</summary>
    public TimesReport? ToolLateUs { get; init; }

    /// <summary>Gets how many calls found every caller busy when they were to start.</summary>
    public required long WaitedForCaller { get; init; }

    /// <summary>Gets the bytes of messages with gRPC's frames that were sent.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Gets the bytes of messages with gRPC's frames that were read.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Gets the tool's processor time in the measured part, in seconds.</summary>
    public required double ToolCpuSeconds { get; init; }

    /// <summary>Gets the tool's processor time for one call, in microseconds.</summary>
    public required double ToolCpuUsPerCall { get; init; }

    /// <summary>Gets how often the tool collected garbage in the measured part.</summary>
    public required int ToolCollections { get; init; }

    /// <summary>Gets what a reader must know before believing the numbers; empty where there is nothing. See <see cref="RunMarks"/>.</summary>
    public required ImmutableArray<string> Marks { get; init; }
}
