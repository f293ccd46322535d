using ClawPdp.Client;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>What the guard is told on the command line, whatever the transport.</summary>
/// <param name="Name">The server's name in policies.</param>
/// <param name="TokenFile">The file with the CST; empty for none.</param>
/// <param name="Key">The key that it is bound to; <see langword="null"/> for none.</param>
/// <param name="Server">The sidecar; <see langword="null"/> for the default.</param>
/// <param name="Run">The run; <see langword="null"/> for a new one.</param>
internal sealed record McpGuardSetting(string Name, string TokenFile, HolderKey? Key, string? Server, string? Run);
