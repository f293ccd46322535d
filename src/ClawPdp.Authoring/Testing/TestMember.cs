using ClawPdp.Core.Json;

namespace ClawPdp.Authoring.Testing;

/// <summary>An object of a case laid over the one of the defaults, member by member.</summary>
internal readonly struct TestMember
{
    private readonly JsonCursor? _own;
    private readonly JsonCursor? _fallback;

    public TestMember(JsonCursor? own, JsonCursor? fallback)
    {
        _own = own;
        _fallback = fallback;
    }

    /// <summary>Gets a value indicating whether there is either.</summary>
    public bool IsPresent => _own is not null || _fallback is not null;

    /// <summary>Checks both for unknown members; whether the defaults were checked before does not matter, as faults count once.</summary>
    public void IsObjectOf(params ReadOnlySpan<string> known)
    {
        _ = _own?.IsObjectOf(known);
        _ = _fallback?.IsObjectOf(known);
    }

    /// <summary>Points at a member.</summary>
    public JsonCursor? Optional(string name) => _own?.Optional(name) ?? _fallback?.Optional(name);

    /// <summary>Points at the member as an object, again laid over that of the defaults.</summary>
    public TestMember Object(string name) => new(_own?.Optional(name), _fallback?.Optional(name));

    /// <summary>Gives the names of the members of both.</summary>
    public IEnumerable<string> Names()
    {
        var own = _own?.Value.Members.Select(static member => member.Name) ?? [];
        var fallback = _fallback?.Value.Members.Select(static member => member.Name) ?? [];
        return own.Concat(fallback).Distinct(StringComparer.Ordinal);
    }
}
