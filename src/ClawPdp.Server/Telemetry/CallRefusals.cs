using ClawPdp.V1;

namespace ClawPdp.Server.Telemetry;

/// <summary>Finds the refusal in an answer of the contract.</summary>
internal static class CallRefusals
{
    /// <summary>Gives the refusals that an answer holds.</summary>
    public static IEnumerable<Refusal> Of(object answer) => answer is SignReceiptBatchResponse batch
        ? batch.Responses.Select(static item => item.Refusal).OfType<Refusal>()
        : OneOf(answer) is { } refusal ? [refusal] : [];

    private static Refusal? OneOf(object answer) => answer switch
    {
        IssueCstResponse issued => issued.Refusal,
        RevokeCstResponse revoked => revoked.Refusal,
        ListRevocationsResponse listed => listed.Refusal,
        SignReceiptResponse signed => signed.Refusal,
        GetReceiptResponse found => found.Refusal,
        StartRunResponse started => started.Refusal,
        AppendEventResponse appended => appended.Refusal,
        GetRunResponse run => run.Refusal,
        FinishRunResponse finished => finished.Refusal,
        _ => OfPolicies(answer),
    };

    private static Refusal? OfPolicies(object answer) => answer switch
    {
        ListAllowedResponse listed => listed.Refusal,
        PutPolicyResponse put => put.Refusal,
        ActivatePolicyResponse activated => activated.Refusal,
        ShadowPolicyResponse shadow => shadow.Refusal,
        GetActivePolicyResponse active => active.Refusal,
        CreateAgentKeyResponse key => key.Refusal,
        ExportRunResponse export => export.Refusal,
        _ => null,
    };
}
