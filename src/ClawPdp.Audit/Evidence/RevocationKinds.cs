namespace ClawPdp.Audit.Evidence;

/// <summary>The kinds of revocations that more than one question asks for, by their numbers of docs/evidence.md section 1.</summary>
internal static class RevocationKinds
{
    /// <summary>The id of a key.</summary>
    public const int KeyId = 5;
}
