using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Policies;

/// <summary>The names of an action, read by the grammar; one that was not asked is <see langword="null"/>.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Model">The model.</param>
/// <param name="Provider">The model's provider.</param>
/// <param name="Host">The destination host.</param>
public sealed record ActionNames(ToolName? Tool, ModelName? Model, string? Provider, HostName? Host)
{
    /// <summary>Reads the names of a recorded action; what is no name, or absent, is <see langword="null"/>.</summary>
    public static ActionNames Read(string? tool, string? model, string? provider, string? host)
    {
        _ = ToolName.TryParse(tool, out var toolName);
        _ = ModelName.TryParse(model, out var modelName);
        _ = HostName.TryParse(host, out var hostName);
        return new ActionNames(toolName, modelName, string.IsNullOrEmpty(provider) ? null : provider, hostName);
    }
}
