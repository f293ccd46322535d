using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Receipts;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates receipts between the wire contract and the receipt desk.</summary>
internal static class WireReceipts
{
    /// <summary>Reads a request that <see cref="ReceiptRequestChecks"/> found well formed.</summary>
    public static ReceiptRequest Read(SignReceiptRequest request) => new()
    {
        Question = QuestionOf(request),
        RunId = request.RunId,
        EventHash = NullIfEmpty(request.EventHashB64U),
        EventType = request.EventType,
        Nonce = request.Nonce,
        DecisionId = request.DecisionId,
        SpanId = request.SpanId,
        ParentSpanId = request.ParentSpanId,
        ToolSpanId = request.ToolSpanId,
        Phase = PhaseOf(request.Phase),
        Content = ContentOf(request),
        Fingerprint = FingerprintOf(request),
    };

    /// <summary>Writes an outcome.</summary>
    public static SignReceiptResponse Write(ReceiptOutcome outcome)
    {
        var response = new SignReceiptResponse { Epoch = (ulong)outcome.Epoch, Replayed = outcome.IsReplayed };
        if (outcome.Receipt is { } stored)
        {
            response.Receipt = Write(stored);
            return response;
        }

        response.Refusal = WireReasons.Refuse(outcome.Reason, outcome.Message, outcome.Field);
        response.Refusal.Dimension = (Wire.Dimension)(int)outcome.Dimension;
        response.Refusal.StatementIds.AddRange(outcome.StatementIds);
        if (WireDecisions.ObligationOf(outcome.Requirement) is { } obligation)
        {
            response.Refusal.Obligations.Add(obligation);
        }

        return response;
    }

    /// <summary>Writes a receipt that is on disk.</summary>
    public static SignedReceipt Write(StoredReceipt stored)
    {
        var record = stored.Record;
        var names = ReceiptNames.Read(record.EnvelopeJson.Span);
        return new SignedReceipt
        {
            ReceiptId = record.ReceiptId,
            ReceiptType = TypeOf(record.ReceiptType),
            EnvelopeJson = ByteString.CopyFrom(record.EnvelopeJson.Span),
            PayloadHashB64U = record.PayloadHash,
            Sequence = (ulong)stored.Sequence,
            SignedAt = Timestamp.FromDateTimeOffset(record.SignedAt),
            RunId = record.RunId,
            Nonce = record.Nonce,
            DecisionId = record.DecisionId ?? "",
            SignerDid = names.SignerDid,
            TokenScopeHashB64U = names.TokenScopeHash,
            PolicyHashB64U = names.PolicyHash,
            EventHashB64U = names.EventHash,
            SpanId = names.SpanId,
        };
    }

    /// <summary>Gives the wire form of an envelope type.</summary>
    public static ReceiptType TypeOf(string? envelopeType) => envelopeType switch
    {
        "gateway_receipt" => ReceiptType.Gateway,
        "tool_receipt" => ReceiptType.Tool,
        "side_effect_receipt" => ReceiptType.SideEffect,
        "human_approval_receipt" => ReceiptType.HumanApproval,
        "delegation_receipt" => ReceiptType.Delegation,
        _ => ReceiptType.Unspecified,
    };

    private static Question QuestionOf(SignReceiptRequest request)
    {
        var question = new Question
        {
            Token = request.Cst,
            PolicyHash = request.PolicyHash,
            Audience = request.Audience,
            RunId = request.RunId,
            EventHash = request.EventHashB64U,
            Stated = WireDecisions.StatedOf(request.Context),
            Approvals = WireDecisions.ApprovalsOf(request.Approvals),
        };
        return request.ReceiptCase switch
        {
            SignReceiptRequest.ReceiptOneofCase.ModelCall => question with { Model = request.ModelCall.Model, Provider = request.ModelCall.Provider },
            SignReceiptRequest.ReceiptOneofCase.ToolCall => question with { Tool = request.ToolCall.ToolName, ArgumentsHash = request.ToolCall.ArgsHashB64U },

            // What was sent is not what the tool was asked with: a side effect states no hash of arguments.
            _ => question with { Tool = request.SideEffect.ToolName, Host = request.SideEffect.Host },
        };
    }

    private static ReceiptContent ContentOf(SignReceiptRequest request) => request.ReceiptCase switch
    {
        SignReceiptRequest.ReceiptOneofCase.ModelCall => new ModelCallContent
        {
            Provider = request.ModelCall.Provider,
            Model = request.ModelCall.Model,
            RequestHash = request.ModelCall.RequestHashB64U,
            ResponseHash = request.ModelCall.ResponseHashB64U,
            TokensInput = request.ModelCall.TokensInput,
            TokensOutput = request.ModelCall.TokensOutput,
            LatencyMilliseconds = request.ModelCall.LatencyMs,
        },
        SignReceiptRequest.ReceiptOneofCase.ToolCall => new ToolCallContent
        {
            ToolName = request.ToolCall.ToolName,
            ToolVersion = NullIfEmpty(request.ToolCall.ToolVersion),
            ArgumentsHash = request.ToolCall.ArgsHashB64U,
            ResultHash = request.ToolCall.ResultHashB64U,
            ResultStatus = StatusOf(request.ToolCall.ResultStatus),
            LatencyMilliseconds = request.ToolCall.LatencyMs,
        },
        _ => SideEffectOf(request.SideEffect),
    };

    private static SideEffectContent SideEffectOf(SideEffect effect) => new()
    {
        EffectClass = effect.EffectClass switch
        {
            EffectClass.NetworkEgress => "network_egress",
            EffectClass.FilesystemWrite => "filesystem_write",
            _ => "external_api_write",
        },
        TargetHash = TargetHashOf(effect),
        RequestHash = effect.RequestHashB64U,
        ResponseHash = effect.ResponseHashB64U,
        VendorId = NullIfEmpty(effect.VendorId),
        ResponseStatus = StatusOf(effect.ResponseStatus),
        LatencyMilliseconds = effect.LatencyMs,
        BytesWritten = effect.HasBytesWritten ? (long)Math.Min(effect.BytesWritten, long.MaxValue) : null,
        CapabilityId = NullIfEmpty(effect.CapabilityId),
    };

    // Without a target the host is meant; one that does not parse never gets as far as a receipt.
    private static string TargetHashOf(SideEffect effect) => effect.TargetCase switch
    {
        SideEffect.TargetOneofCase.TargetHashB64U => effect.TargetHashB64U,
        SideEffect.TargetOneofCase.TargetText => Sha256.OfCanonical(JsonValue.Of(effect.TargetText)),
        _ => HostName.TryParse(effect.Host, out var host) ? Sha256.OfCanonical(JsonValue.Of(host.Value.ToString())) : "",
    };

    private static string? StatusOf(ResultStatus status) => status switch
    {
        ResultStatus.Unspecified => null,
        ResultStatus.Success => "success",
        ResultStatus.Error => "error",
        ResultStatus.Timeout => "timeout",
        ResultStatus.Denied => "denied",
        _ => "unknown",
    };

    private static string? PhaseOf(Phase phase) => phase switch
    {
        Phase.Unspecified => null,
        Phase.Setup => "setup",
        Phase.Planning => "planning",
        Phase.Reasoning => "reasoning",
        Phase.Execution => "execution",
        Phase.Observation => "observation",
        Phase.Reflection => "reflection",
        Phase.Teardown => "teardown",
        _ => "unknown",
    };

    // The whole message without the token, whose text must not be kept and may be renewed between tries, and without what
    // no receipt states. Protobuf's binary form of such a message is the same each time; unknown fields count.
    private static string FingerprintOf(SignReceiptRequest request)
    {
        var content = request.Clone();
        content.Cst = "";
        content.Context.Clear();
        content.Approvals.Clear();
        return Sha256.B64u(content.ToByteArray());
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
