using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Issuance;

/// <summary>Why no token was issued.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Message">A sentence for a human, without secrets or personal data.</param>
/// <param name="Field">The field of the request at fault; empty when none in particular.</param>
/// <param name="OffendingItem">The item of the request at fault; empty when none in particular.</param>
internal sealed record IssuanceRefusal(ReasonCode Reason, string Message, string Field = "", string OffendingItem = "");
