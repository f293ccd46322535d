using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Policies;

/// <summary>What a policy judges; a dimension that is <see langword="null"/> is not asked and not checked.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Model">The model.</param>
/// <param name="Provider">The model's provider; <see langword="null"/> when not stated.</param>
/// <param name="Host">The destination host.</param>
public readonly record struct PolicyQuestion(ToolName? Tool, ModelName? Model, string? Provider, HostName? Host);
