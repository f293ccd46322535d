namespace ClawPdp.Core.Runs;

/// <summary>What is wrong with a chain.</summary>
/// <param name="Code">The public verifier's code.</param>
/// <param name="Index">The event at fault, from 0.</param>
/// <param name="Message">The fault in words.</param>
public sealed record EventChainFault(string Code, int Index, string Message)
{
    /// <summary>The code of a chain whose events do not hang together.</summary>
    public const string Malformed = "MALFORMED_ENVELOPE";

    /// <summary>The code of an event whose hash is not its own.</summary>
    public const string HashMismatch = "HASH_MISMATCH";
}
