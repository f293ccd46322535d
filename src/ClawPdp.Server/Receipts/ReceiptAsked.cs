using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Server.Receipts;

/// <summary>A receipt that is asked for and allowed.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Decision">The decision that allows it.</param>
/// <param name="Token">The token.</param>
/// <param name="Fingerprint">The hash of everything that the caller chose.</param>
/// <param name="Now">When it was asked.</param>
internal sealed record ReceiptAsked(ReceiptRequest Request, Decision Decision, VerifiedToken Token, ReadOnlyMemory<byte> Fingerprint, DateTimeOffset Now);
