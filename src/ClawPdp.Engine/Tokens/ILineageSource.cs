using System.Collections.Immutable;

namespace ClawPdp.Engine.Tokens;

/// <summary>Knows which tokens a delegated one descends from; the token itself names none. Asked once for each token that is seen for the first time.</summary>
public interface ILineageSource
{
    /// <summary>Finds the tokens that a delegated one descends from.</summary>
    /// <param name="tokenHash">The lower-case hexadecimal SHA-256 of the delegated token's text; its signature held.</param>
    /// <returns>The parent first, then its parent, to the one of the user's sign-in; <see langword="null"/> when not all are known: such a token does not count.</returns>
    ImmutableArray<AncestorToken>? Find(string tokenHash);
}
