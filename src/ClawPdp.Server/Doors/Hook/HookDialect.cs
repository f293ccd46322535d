namespace ClawPdp.Server.Doors.Hook;

/// <summary>Whose words an event is in, and the answer has to be in.</summary>
internal enum HookDialect
{
    /// <summary>Nobody's that is known: only the exit code speaks.</summary>
    Unknown,

    /// <summary>Claude Code, and those that took its words over: <c>PreToolUse</c>, <c>PostToolUse</c>.</summary>
    ClaudeCode,

    /// <summary>Gemini CLI: <c>BeforeTool</c>, <c>AfterTool</c>.</summary>
    Gemini,

    /// <summary>Cursor: <c>beforeShellExecution</c>, <c>beforeMCPExecution</c>, <c>beforeReadFile</c>, <c>preToolUse</c>.</summary>
    Cursor,

    /// <summary>GitHub Copilot: <c>toolName</c> and <c>toolArgs</c>.</summary>
    Copilot,
}
