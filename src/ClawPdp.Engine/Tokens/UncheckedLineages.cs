using System.Collections.Immutable;

namespace ClawPdp.Engine.Tokens;

/// <summary>For a look at a token or policy beside the installation that issued: revocations are not known there, and neither are parents.</summary>
public sealed class UncheckedLineages : ILineageSource
{
    /// <inheritdoc/>
    public ImmutableArray<AncestorToken>? Find(string tokenHash) => [];
}
