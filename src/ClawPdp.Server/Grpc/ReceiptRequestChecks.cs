using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Looks for the first fault of a message to the receipt service.</summary>
internal static class ReceiptRequestChecks
{
    public static RequestFault? Check(SignReceiptRequest request)
    {
        var check = new RequestCheck()
            .Text("cst", request.Cst, RequestLimits.CstMax)
            .Required("run_id", request.RunId, RequestLimits.IdentifierMax)
            .Text("event_hash_b64u", request.EventHashB64U, RequestLimits.PolicyHashMax)
            .Required("nonce", request.Nonce, RequestLimits.IdentifierMax)
            .Text("event_type", request.EventType, RequestLimits.EventTypeMax)
            .Text("decision_id", request.DecisionId, RequestLimits.DecisionIdMax)
            .Text("policy_hash", request.PolicyHash, RequestLimits.PolicyHashMax)
            .Text("span_id", request.SpanId, RequestLimits.IdentifierMax)
            .Text("parent_span_id", request.ParentSpanId, RequestLimits.IdentifierMax)
            .Text("tool_span_id", request.ToolSpanId, RequestLimits.IdentifierMax)
            .Text("audience", request.Audience, RequestLimits.AudienceMax)
            .Context(request.Context)
            .Approvals(request.Approvals);
        switch (request.ReceiptCase)
        {
            case SignReceiptRequest.ReceiptOneofCase.ModelCall:
                CheckModelCall(check, request.ModelCall);
                break;
            case SignReceiptRequest.ReceiptOneofCase.ToolCall:
                CheckToolCall(check, request.ToolCall);
                break;
            case SignReceiptRequest.ReceiptOneofCase.SideEffect:
                CheckSideEffect(check, request.SideEffect);
                break;
            default:
                check.Refuse("receipt", "none is set");
                break;
        }

        return check.Fault;
    }

    public static RequestFault? Check(GetReceiptRequest request)
    {
        var check = new RequestCheck();
        switch (request.KeyCase)
        {
            case GetReceiptRequest.KeyOneofCase.ReceiptId:
                check.Required("receipt_id", request.ReceiptId, RequestLimits.DecisionIdMax);
                break;
            case GetReceiptRequest.KeyOneofCase.RunNonce:
                check.Required("run_nonce.run_id", request.RunNonce.RunId, RequestLimits.IdentifierMax)
                    .Required("run_nonce.nonce", request.RunNonce.Nonce, RequestLimits.IdentifierMax);
                break;
            default:
                check.Refuse("key", "none is set");
                break;
        }

        return check.Fault;
    }

    public static RequestFault? Check(VerifyReceiptRequest request)
    {
        var check = new RequestCheck()
            .Count("envelope_json bytes", request.EnvelopeJson.Length, 1, RequestLimits.EnvelopeMax)
            .Count("trusted_signer_dids", request.TrustedSignerDids.Count, 0, RequestLimits.TrustedSignerCountMax);
        foreach (var did in request.TrustedSignerDids)
        {
            check.Required("trusted_signer_dids", did, RequestLimits.DidMax);
        }

        return check.Fault;
    }

    private static void CheckModelCall(RequestCheck check, ModelCall call) => check
        .Required("model_call.provider", call.Provider, RequestLimits.ProviderMax)
        .Required("model_call.model", call.Model, RequestLimits.ModelMax)
        .Required("model_call.request_hash_b64u", call.RequestHashB64U, RequestLimits.PolicyHashMax)
        .Required("model_call.response_hash_b64u", call.ResponseHashB64U, RequestLimits.PolicyHashMax);

    private static void CheckToolCall(RequestCheck check, ToolCall call) => check
        .Required("tool_call.tool_name", call.ToolName, RequestLimits.ToolMax)
        .Text("tool_call.tool_version", call.ToolVersion, RequestLimits.VersionMax)
        .Required("tool_call.args_hash_b64u", call.ArgsHashB64U, RequestLimits.PolicyHashMax)
        .Required("tool_call.result_hash_b64u", call.ResultHashB64U, RequestLimits.PolicyHashMax);

    private static void CheckSideEffect(RequestCheck check, SideEffect effect)
    {
        check.Text("side_effect.host", effect.Host, RequestLimits.HostMax)
            .Text("side_effect.tool_name", effect.ToolName, RequestLimits.ToolMax)
            .Text("side_effect.target_text", effect.TargetText, RequestLimits.TargetMax)
            .Text("side_effect.target_hash_b64u", effect.TargetHashB64U, RequestLimits.PolicyHashMax)
            .Required("side_effect.request_hash_b64u", effect.RequestHashB64U, RequestLimits.PolicyHashMax)
            .Required("side_effect.response_hash_b64u", effect.ResponseHashB64U, RequestLimits.PolicyHashMax)
            .Text("side_effect.vendor_id", effect.VendorId, RequestLimits.VersionMax)
            .Text("side_effect.capability_id", effect.CapabilityId, RequestLimits.IdentifierMax);
        switch (effect.EffectClass)
        {
            case EffectClass.NetworkEgress or EffectClass.ExternalApiWrite:
                check.Required("side_effect.host", effect.Host, RequestLimits.HostMax);
                break;
            case EffectClass.FilesystemWrite:
                check.Required("side_effect.tool_name", effect.ToolName, RequestLimits.ToolMax);
                RequireTarget(check, effect);
                break;
            default:
                check.Refuse("side_effect.effect_class", "required");
                break;
        }
    }

    private static void RequireTarget(RequestCheck check, SideEffect effect)
    {
        if (effect.TargetText.Length == 0 && effect.TargetHashB64U.Length == 0)
        {
            check.Refuse("side_effect.target", "required for filesystem_write");
        }
    }
}
