namespace ClawPdp.Server.Callers;

/// <summary>An admin token as it is kept: its text is known to its holder alone.</summary>
/// <param name="Name">Who or what it was given to: it stands in the records of admin acts.</param>
/// <param name="Hash">The SHA-256 of its text: 32 bytes. The text has 256 random bits, so a slow hash would add nothing.</param>
/// <param name="ExpiresAt">From when it does not count any more; <see langword="null"/> for never.</param>
internal sealed record AdminToken(string Name, ReadOnlyMemory<byte> Hash, DateTimeOffset? ExpiresAt);
