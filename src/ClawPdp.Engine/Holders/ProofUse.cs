namespace ClawPdp.Engine.Holders;

/// <summary>What is known of a proof that holds.</summary>
internal enum ProofUse
{
    /// <summary>There is no room to remember it, so that it could come again.</summary>
    Full,

    /// <summary>It was used before, or may have been.</summary>
    Again,

    /// <summary>It was never used, and now it is.</summary>
    First,
}
