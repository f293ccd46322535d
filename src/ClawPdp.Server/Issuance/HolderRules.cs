using ClawPdp.Core.Decisions;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Tokens;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>Settles to whom a token is bound.</summary>
internal static class HolderRules
{
    private const string Field = "holder";

    /// <summary>Settles it, or says why not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mode">What the configuration asks for.</param>
    /// <param name="parent">To whom the parent is bound; <see langword="null"/> for nobody, or no parent.</param>
    /// <param name="holder">Receives who it is; <see langword="null"/> for nobody.</param>
    public static IssuanceRefusal? Settle(IssuanceRequest request, HolderMode mode, TokenHolder? parent, out TokenHolder? holder)
    {
        var refusal = Read(request, out holder) ?? (mode == HolderMode.AgentKey ? BindToAgent(request, ref holder) : null);
        if (refusal is not null)
        {
            return refusal;
        }

        if (holder is null && mode == HolderMode.Required)
        {
            return new(ReasonCode.HolderRequired, "tokens are issued to a holder alone", Field);
        }

        return holder is null && parent is not null
            ? new(ReasonCode.HolderRequired, "the parent is bound to a holder, and so must the child be", Field)
            : null;
    }

    private static IssuanceRefusal? Read(IssuanceRequest request, out TokenHolder? holder)
    {
        holder = null;
        if (request.Holder is not { } asked)
        {
            return null;
        }

        if (asked.IsAgentKey)
        {
            return ReadAgentKey(request, out holder);
        }

        holder = asked switch
        {
            { KeyThumbprint: { } thumbprint } => TokenHolder.OfKey(thumbprint),
            { UserId: { } user } => TokenHolder.OfUser(user),
            _ => null,
        };
        return holder is null ? new(ReasonCode.HolderInvalid, "neither the thumbprint of a key nor a user in particular", Field) : null;
    }

    private static IssuanceRefusal? ReadAgentKey(IssuanceRequest request, out TokenHolder? holder)
    {
        holder = DidKey.TryDecode(request.AgentDid, out var raw) ? TokenHolder.OfKey(HolderKey.OfEd25519(raw).Thumbprint) : null;
        return holder is null ? new(ReasonCode.HolderInvalid, "the agent's DID holds no key that its token could be bound to", "agent_did") : null;
    }

    private static IssuanceRefusal? BindToAgent(IssuanceRequest request, ref TokenHolder? holder)
    {
        var asked = holder;
        if (ReadAgentKey(request, out holder) is { } refusal)
        {
            return refusal;
        }

        return asked is null || asked == holder ? null : new(ReasonCode.HolderInvalid, "tokens are bound to the key of their agent's DID", Field);
    }
}
