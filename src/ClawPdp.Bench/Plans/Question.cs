using System.Text.Json.Serialization;

namespace ClawPdp.Bench.Plans;

/// <summary>What is asked for, apart from the token. Empty texts are left out.</summary>
public sealed record Question
{
    /// <summary>Gets the tool.</summary>
    public string Tool { get; init; } = "";

    /// <summary>Gets the model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Gets the host, with an optional port.</summary>
    public string Host { get; init; } = "";

    /// <summary>Gets the model's provider.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Gets the policy that is believed to be active.</summary>
    public string PolicyHash { get; init; } = "";

    /// <summary>Gets the audience that asks.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Gets a value indicating whether nothing is asked for.</summary>
    [JsonIgnore]
    public bool IsEmpty => Tool.Length + Model.Length + Host.Length == 0;
}
