using System.Runtime.InteropServices;

namespace ClawPdp.Server.Issuance;

/// <summary>Who alone shall be able to use a token, as it is asked for; nothing in it is checked.</summary>
/// <param name="KeyThumbprint">A thumbprint; <see langword="null"/> when none is named.</param>
/// <param name="UserId">A user of the machine; <see langword="null"/> when none is named.</param>
/// <param name="IsAgentKey">Whether the key of the agent's own DID is meant.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HolderRequest(string? KeyThumbprint, uint? UserId, bool IsAgentKey);
