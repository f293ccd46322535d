namespace ClawPdp.Core.Envelopes;

/// <summary>The envelope types that are made or verified here.</summary>
public static class EnvelopeTypes
{
    /// <summary>A model call.</summary>
    public const string GatewayReceipt = "gateway_receipt";

    /// <summary>A tool call.</summary>
    public const string ToolReceipt = "tool_receipt";

    /// <summary>A side effect.</summary>
    public const string SideEffectReceipt = "side_effect_receipt";

    /// <summary>A human's approval.</summary>
    public const string HumanApprovalReceipt = "human_approval_receipt";

    /// <summary>A delegation to another agent.</summary>
    public const string DelegationReceipt = "delegation_receipt";

    /// <summary>What an agent did in one run, signed by the agent.</summary>
    public const string ProofBundle = "proof_bundle";

    /// <summary>The events of a run by themselves.</summary>
    public const string EventChain = "event_chain";

    /// <summary>A policy.</summary>
    public const string WorkPolicyContract = "work_policy_contract";

    /// <summary>Our own record of a token that was issued.</summary>
    public const string IssuanceRecord = "issuance_record";
}
