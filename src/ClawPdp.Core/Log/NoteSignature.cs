namespace ClawPdp.Core.Log;

/// <summary>A signature of a note.</summary>
/// <param name="Name">The name of the key, which says who signed.</param>
/// <param name="KeyId">The id of the key, a hint which one of that name it is.</param>
/// <param name="Signature">The signature, for Ed25519 64 bytes.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Signature);
