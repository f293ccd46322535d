namespace ClawPdp.Core.Json;

/// <summary>One member of an object.</summary>
/// <param name="Name">The member's name, unescaped.</param>
/// <param name="Value">The member's value.</param>
public sealed record JsonMember(string Name, JsonValue Value);
