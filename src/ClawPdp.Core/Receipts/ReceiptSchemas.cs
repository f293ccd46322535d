using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>The public schemas of receipt payloads, closed objects all.</summary>
public static class ReceiptSchemas
{
    private static readonly ImmutableArray<string> ToolStatuses = ["success", "error", "timeout"];
    private static readonly ImmutableArray<string> EffectStatuses = ["success", "error", "timeout", "denied"];
    private static readonly ImmutableArray<string> EffectClasses = ["network_egress", "filesystem_write", "external_api_write"];
    private static readonly ImmutableArray<string> ApprovalTypes = ["explicit_approve", "explicit_deny", "auto_approve", "timeout_deny"];
    private static readonly ImmutableArray<string> ApproverMethods = ["ui_click", "cli_confirm", "api_call", "policy_auto", "timeout"];
    private static readonly ImmutableArray<string> HashAlgorithms = ["SHA-256"];

    /// <summary>Checks gateway_receipt.v1.</summary>
    public static ImmutableArray<Fault> CheckGateway(JsonValue payload) => Check(payload, static root =>
    {
        _ = root.IsObjectOf(
            "receipt_version", "receipt_id", "gateway_id", "provider", "model", "request_hash_b64u", "response_hash_b64u",
            "tokens_input", "tokens_output", "latency_ms", "timestamp", "binding", "metadata");
        PayloadRules.Is(root.Required("receipt_version"), "1");
        foreach (var name in (ReadOnlySpan<string>)["receipt_id", "gateway_id", "provider", "model"])
        {
            PayloadRules.Text(root.Required(name));
        }

        PayloadRules.Hash(root.Required("request_hash_b64u"));
        PayloadRules.Hash(root.Required("response_hash_b64u"));
        foreach (var name in (ReadOnlySpan<string>)["tokens_input", "tokens_output", "latency_ms"])
        {
            PayloadRules.Amount(root.Required(name));
        }

        PayloadRules.Instant(root.Required("timestamp"));
        BindingSchema.CheckClosed(root.Optional("binding"));
        PayloadRules.Object(root.Optional("metadata"));
    });

    /// <summary>Checks tool_receipt.v1 or v2, as the payload's own version says.</summary>
    public static ImmutableArray<Fault> CheckTool(JsonValue payload) =>
        payload.FindText("receipt_version") is "2" ? CheckToolV2(payload) : CheckToolV1(payload);

    /// <summary>Checks side_effect_receipt.v1.</summary>
    public static ImmutableArray<Fault> CheckSideEffect(JsonValue payload) => Check(payload, static root =>
    {
        _ = root.IsObjectOf(
            "receipt_version", "receipt_id", "agent_did", "effect_class", "target_hash_b64u", "request_hash_b64u", "response_hash_b64u",
            "vendor_id", "response_status", "hash_algorithm", "timestamp", "latency_ms", "bytes_written", "binding");
        CheckCommon(root, "1");
        PayloadRules.OneOf(root.Required("effect_class"), EffectClasses);
        PayloadRules.Text(root.Required("target_hash_b64u"));
        PayloadRules.Text(root.Required("request_hash_b64u"));
        PayloadRules.Text(root.Required("response_hash_b64u"));
        PayloadRules.AnyText(root.Optional("vendor_id"));
        PayloadRules.OneOf(root.Optional("response_status"), EffectStatuses);
        PayloadRules.Amount(root.Required("latency_ms"));
        PayloadRules.Amount(root.Optional("bytes_written"));
        BindingSchema.CheckOpen(root.Optional("binding"));
    });

    /// <summary>Checks human_approval_receipt.v1.</summary>
    public static ImmutableArray<Fault> CheckHumanApproval(JsonValue payload) => Check(payload, static root =>
    {
        _ = root.IsObjectOf(
            "receipt_version", "receipt_id", "approver_subject", "agent_did", "scope_hash_b64u", "approval_type", "approver_method",
            "scope_summary", "policy_hash_b64u", "minted_capability_id", "plan_hash_b64u", "minted_capability_ttl_seconds",
            "evidence_required", "hash_algorithm", "timestamp", "binding");
        CheckCommon(root, "1");
        PayloadRules.Text(root.Required("approver_subject"));
        PayloadRules.Text(root.Required("scope_hash_b64u"));
        PayloadRules.OneOf(root.Required("approval_type"), ApprovalTypes);
        PayloadRules.OneOf(root.Optional("approver_method"), ApproverMethods);
        _ = root.Optional("scope_summary")?.AsText(1024, 0);
        foreach (var name in (ReadOnlySpan<string>)["policy_hash_b64u", "minted_capability_id", "plan_hash_b64u"])
        {
            PayloadRules.AnyText(root.Optional(name));
        }

        PayloadRules.Amount(root.Optional("minted_capability_ttl_seconds"));
        PayloadRules.Texts(root.Optional("evidence_required"));
        BindingSchema.CheckOpen(root.Optional("binding"));
    });

    /// <summary>Checks delegation_receipt.v1.</summary>
    public static ImmutableArray<Fault> CheckDelegation(JsonValue payload) => Check(payload, static root =>
    {
        _ = root.IsObjectOf(
            "receipt_version", "receipt_id", "delegator_did", "delegate_did", "task_description_hash_b64u", "delegate_bundle_hash_b64u",
            "hash_algorithm", "delegated_at", "delegation_policy", "completed_at", "binding");
        PayloadRules.Is(root.Required("receipt_version"), "1");
        PayloadRules.Text(root.Required("receipt_id"));
        PayloadRules.Did(root.Required("delegator_did"));
        PayloadRules.Did(root.Required("delegate_did"));
        PayloadRules.Hash(root.Required("task_description_hash_b64u"));
        PayloadRules.Hash(root.Required("delegate_bundle_hash_b64u"));
        PayloadRules.OneOf(root.Required("hash_algorithm"), HashAlgorithms);
        PayloadRules.Instant(root.Required("delegated_at"));
        PayloadRules.AnyText(root.Optional("delegation_policy"));
        PayloadRules.Instant(root.Optional("completed_at"));
        BindingSchema.CheckOpen(root.Optional("binding"));
    });

    private static ImmutableArray<Fault> Check(JsonValue payload, Action<JsonCursor> rules)
    {
        var faults = new List<Fault>();
        rules(JsonCursor.At(payload, faults));
        return [.. faults];
    }

    private static ImmutableArray<Fault> CheckToolV1(JsonValue payload) => Check(payload, static root =>
    {
        _ = root.IsObjectOf(
            "receipt_version", "receipt_id", "tool_name", "tool_version", "agent_did", "args_hash_b64u", "result_hash_b64u",
            "result_status", "hash_algorithm", "timestamp", "latency_ms", "binding");
        CheckCommon(root, "1");
        PayloadRules.Text(root.Required("args_hash_b64u"));
        PayloadRules.Text(root.Required("result_hash_b64u"));
        CheckToolMembers(root);
        BindingSchema.CheckOpen(root.Optional("binding"));
    });

    private static ImmutableArray<Fault> CheckToolV2(JsonValue payload) => Check(payload, static root =>
    {
        _ = root.IsObjectOf(
            "receipt_version", "receipt_id", "tool_name", "tool_version", "agent_did", "args_hash_b64u", "result_hash_b64u",
            "args_salt_b64u", "result_salt_b64u", "args_disclosure", "result_disclosure", "result_status", "hash_algorithm",
            "timestamp", "latency_ms", "binding");
        CheckCommon(root, "2");
        PayloadRules.Did(root.Required("agent_did"));
        foreach (var name in (ReadOnlySpan<string>)["args_hash_b64u", "result_hash_b64u", "args_salt_b64u", "result_salt_b64u"])
        {
            PayloadRules.Hash(root.Required(name));
        }

        CheckToolMembers(root);
        DisclosureSchema.Check(root.Optional("args_disclosure"));
        DisclosureSchema.Check(root.Optional("result_disclosure"));
        BindingSchema.CheckClosed(root.Optional("binding"));
    });

    private static void CheckToolMembers(JsonCursor root)
    {
        PayloadRules.Text(root.Required("tool_name"));
        PayloadRules.AnyText(root.Optional("tool_version"));
        PayloadRules.OneOf(root.Optional("result_status"), ToolStatuses);
        PayloadRules.Amount(root.Required("latency_ms"));
    }

    private static void CheckCommon(JsonCursor root, string version)
    {
        PayloadRules.Is(root.Required("receipt_version"), version);
        PayloadRules.Text(root.Required("receipt_id"));
        PayloadRules.Text(root.Required("agent_did"));
        PayloadRules.OneOf(root.Required("hash_algorithm"), HashAlgorithms);
        PayloadRules.Instant(root.Required("timestamp"));
    }
}
