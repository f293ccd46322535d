using System.Collections.Immutable;

namespace ClawPdp.Core.Json;

/// <summary>Collects the members of an object we make; an absent member is left out, never written as <c>null</c>.</summary>
public sealed class JsonObjectBuilder
{
    private readonly ImmutableArray<JsonMember>.Builder _members = ImmutableArray.CreateBuilder<JsonMember>();

    /// <summary>Adds a member.</summary>
    /// <exception cref="ArgumentException">A member of that name is there already.</exception>
    public JsonObjectBuilder Add(string name, JsonValue value)
    {
        for (var index = 0; index < _members.Count; index++)
        {
            if (string.Equals(_members[index].Name, name, StringComparison.Ordinal))
            {
                throw new ArgumentException($"member `{name}` is there already", nameof(name));
            }
        }

        _members.Add(new JsonMember(name, value));
        return this;
    }

    /// <summary>Adds a string member.</summary>
    public JsonObjectBuilder Add(string name, string value) => Add(name, JsonValue.Of(value));

    /// <summary>Adds an integer member.</summary>
    public JsonObjectBuilder Add(string name, long value) => Add(name, JsonValue.Of(value));

    /// <summary>Adds a string member unless it is <see langword="null"/> or empty.</summary>
    public JsonObjectBuilder AddIfPresent(string name, string? value) => string.IsNullOrEmpty(value) ? this : Add(name, value);

    /// <summary>Adds an integer member unless it is <see langword="null"/>.</summary>
    public JsonObjectBuilder AddIfPresent(string name, long? value) => value is { } present ? Add(name, present) : this;

    /// <summary>Adds a member unless it is <see langword="null"/>.</summary>
    public JsonObjectBuilder AddIfPresent(string name, JsonValue? value) => value is null ? this : Add(name, value);

    /// <summary>Gives the object in the order of addition.</summary>
    public JsonValue Build() => JsonValue.ObjectOf(_members.ToImmutable());
}
