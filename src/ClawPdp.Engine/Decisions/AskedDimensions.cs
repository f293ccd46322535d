using ClawPdp.Core.Grammar;

namespace ClawPdp.Engine.Decisions;

/// <summary>The dimensions of a question, read by the grammar; one that was not asked is <see langword="null"/>.</summary>
internal readonly record struct AskedDimensions(ToolName? Tool, ModelName? Model, HostName? Host, string? Provider);
