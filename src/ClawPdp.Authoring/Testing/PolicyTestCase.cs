using System.Collections.Frozen;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Authoring.Testing;

/// <summary>One case: who asks, what for, and the answer that is expected.</summary>
public sealed record PolicyTestCase
{
    /// <summary>Gets the name, unique in its file.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the JSON pointer of the case in its file.</summary>
    public required string Pointer { get; init; }

    /// <summary>Gets the line of the case in its file.</summary>
    public required int Line { get; init; }

    /// <summary>Gets the claims of the token that asks.</summary>
    public required CstClaims Claims { get; init; }

    /// <summary>Gets the tool; <see langword="null"/> when not asked.</summary>
    public string? Tool { get; init; }

    /// <summary>Gets the model; <see langword="null"/> when not asked.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the model's provider; <see langword="null"/> when not stated.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the host; <see langword="null"/> when not asked.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the hash of the action's arguments; <see langword="null"/> when not stated.</summary>
    public string? ArgumentsHash { get; init; }

    /// <summary>Gets the instant of the question.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets a value indicating whether the file states the instant.</summary>
    public required bool StatesInstant { get; init; }

    /// <summary>Gets what the caller states.</summary>
    public required FrozenDictionary<string, string> Stated { get; init; }

    /// <summary>Gets a value indicating whether a human approved this very action.</summary>
    public required bool IsApproved { get; init; }

    /// <summary>Gets the answer that is expected.</summary>
    public required PolicyTestExpectation Expectation { get; init; }
}
