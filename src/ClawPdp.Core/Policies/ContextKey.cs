using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClawPdp.Core.Policies;

/// <summary>A key that conditions may name: one that the sidecar finds the value of, or one that the caller states.</summary>
public sealed class ContextKey
{
    /// <summary>What the caller's own keys start with; a name of up to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c> follows.</summary>
    public const string StatedPrefix = "Caller:";

    private const int StatedNameLengthMax = 64;

    private static readonly SearchValues<char> StatedNameUnits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly ImmutableArray<string> Digits = [.. Enumerable.Range(0, 24).Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    private static readonly ImmutableArray<ContextKey> Known =
    [
        new("Agent:DID", ContextValueKind.Name, static (in PolicyQuestion question) => question.AgentDid),
        new("Tool:Name", ContextValueKind.Name, static (in PolicyQuestion question) => (question.Tool ?? question.Beside?.Tool)?.Text),
        new("Model:Name", ContextValueKind.Name, static (in PolicyQuestion question) => (question.Model ?? question.Beside?.Model)?.Text),
        new("Model:Provider", ContextValueKind.Name, static (in PolicyQuestion question) => question.Provider ?? question.Beside?.Provider),
        new("SideEffect:TargetDomain", ContextValueKind.Host, static (in PolicyQuestion question) => (question.Host ?? question.Beside?.Host)?.Name),
        new("SideEffect:TargetPort", ContextValueKind.Number, static (in PolicyQuestion question) => (question.Host ?? question.Beside?.Host)?.Port?.ToString(CultureInfo.InvariantCulture), max: 65_535),
        new("Context:Hour", ContextValueKind.Number, static (in PolicyQuestion question) => Digits[question.At.UtcDateTime.Hour], max: 23),
        new("Context:DayOfWeek", ContextValueKind.Number, static (in PolicyQuestion question) => Digits[(int)question.At.UtcDateTime.DayOfWeek], max: 6),
        new("Request:HasHumanApproval", ContextValueKind.Boolean, static (in PolicyQuestion question) => question.HasHumanApproval ? "true" : "false"),
        StatedKey("Receipt:ProofTier", ContextValueKind.Name),
        StatedKey("Receipt:GatewayDid", ContextValueKind.Name),
    ];

    private readonly Finder _find;

    private ContextKey(string name, ContextValueKind kind, Finder find, bool isStated = false, int max = 0)
    {
        Name = name;
        Kind = kind;
        IsStated = isStated;
        Max = max;
        _find = find;
    }

    private delegate string? Finder(in PolicyQuestion question);

    /// <summary>Gets the keys with a fixed name.</summary>
    public static ImmutableArray<string> FixedNames { get; } = [.. Known.Select(static key => key.Name)];

    /// <summary>Gets the key's name.</summary>
    public string Name { get; }

    /// <summary>Gets what its values are.</summary>
    public ContextValueKind Kind { get; }

    /// <summary>Gets a value indicating whether the caller states the value, which is no evidence.</summary>
    public bool IsStated { get; }

    /// <summary>Gets the greatest value of a key with numbers, which start from 0.</summary>
    public int Max { get; }

    /// <summary>Gets a value indicating whether the value changes by the clock alone.</summary>
    public bool IsOfTime => Name is "Context:Hour" or "Context:DayOfWeek";

    /// <summary>Gets a value indicating whether the value tells of a human's approval.</summary>
    public bool IsOfApproval => Name is "Request:HasHumanApproval";

    /// <summary>Finds a key.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out ContextKey? key)
    {
        key = Known.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.Ordinal));
        if (key is null && IsStatedName(name))
        {
            key = StatedKey(name, ContextValueKind.Any);
        }

        return key is not null;
    }

    /// <summary>Gives the value; <see langword="null"/> when there is none.</summary>
    public string? Find(in PolicyQuestion question) => _find(question);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ContextKey StatedKey(string name, ContextValueKind kind) =>
        new(name, kind, (in PolicyQuestion question) => question.Stated is { } stated && stated.TryGetValue(name, out var value) ? value : null, isStated: true);

    private static bool IsStatedName(string name) =>
        name.StartsWith(StatedPrefix, StringComparison.Ordinal)
        && name.Length > StatedPrefix.Length
        && name.Length <= StatedPrefix.Length + StatedNameLengthMax
        && !name.AsSpan(StatedPrefix.Length).ContainsAnyExcept(StatedNameUnits);
}
