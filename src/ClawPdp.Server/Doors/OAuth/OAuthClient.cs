namespace ClawPdp.Server.Doors.OAuth;

/// <summary>A client that the operator knows.</summary>
/// <param name="ClientId">Its id: 1 to 128 printable ASCII characters.</param>
/// <param name="SecretHash">The SHA-256 of its secret: 32 bytes. The secret itself is not known here.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record OAuthClient(string ClientId, ReadOnlyMemory<byte> SecretHash, OAuthRights Rights);
