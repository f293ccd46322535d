namespace ClawPdp.Server.Settings;

/// <summary>A key whose policies are accepted.</summary>
/// <param name="Did">The key, a did:key.</param>
/// <param name="SuccessorDid">
/// The key that takes its place: accepted, too, and alone once a policy that it signed was activated. <see langword="null"/> for none.
/// </param>
internal sealed record PolicySigner(string Did, string? SuccessorDid = null);
