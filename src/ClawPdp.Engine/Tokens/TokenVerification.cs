using System.Runtime.InteropServices;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Tokens;

/// <summary>What came of checking a token's form, key, signature and claims.</summary>
/// <param name="Token">The token; <see langword="null"/> when a check failed.</param>
/// <param name="Reason">The check that failed, or <see cref="ReasonCode.Allowed"/>.</param>
/// <param name="Message">A sentence for a human.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenVerification(VerifiedToken? Token, ReasonCode Reason, string Message)
{
    /// <summary>Gets how the token was found to be good.</summary>
    public TokenLookup Lookup { get; init; }
}
