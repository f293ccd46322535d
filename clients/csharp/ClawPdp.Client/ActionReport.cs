using ClawPdp.V1;

namespace ClawPdp.Client;

/// <summary>What came of an action, for its receipt. Of the result only the digest is kept and sent.</summary>
public sealed record ActionReport
{
    private const uint ModelLatencyMax = 3_600_000;

    /// <summary>Gets how it ended.</summary>
    public ResultStatus Status { get; init; } = ResultStatus.Success;

    /// <summary>Gets the digest of the result, as <see cref="Digest"/> makes it; the default is that of <c>null</c>.</summary>
    public string ResultHash { get; init; } = Digest.OfNull;

    /// <summary>Gets how long it took; cut to what a receipt holds.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Gets the tokens that a model read: 0 to 10,000,000.</summary>
    public uint TokensInput { get; init; }

    /// <summary>Gets the tokens that a model wrote: 0 to 10,000,000.</summary>
    public uint TokensOutput { get; init; }

    /// <summary>Gets the bytes that a side effect wrote; <see langword="null"/>: not stated.</summary>
    public ulong? BytesWritten { get; init; }

    /// <summary>Gives the request for the receipt, of the kind that the action is of.</summary>
    internal SignReceiptRequest ToRequest(AgentAction action, string decisionId, string token, string runId, string nonce)
    {
        var request = new SignReceiptRequest
        {
            Cst = token,
            RunId = action.RunId.Length > 0 ? action.RunId : runId,
            Nonce = nonce,
            DecisionId = decisionId,
            PolicyHash = action.PolicyHash,
            EventHashB64U = action.EventHash,
            Audience = action.Audience,
        };
        request.Context.Add(action.Context);
        var asked = action.ArgumentsHash.Length > 0 ? action.ArgumentsHash : Digest.OfNull;
        if (action.Effect != EffectClass.Unspecified || (action.Tool.Length == 0 && action.Model.Length == 0))
        {
            request.SideEffect = ToSideEffect(action, asked);
        }
        else if (action.Tool.Length > 0)
        {
            request.ToolCall = new ToolCall { ToolName = action.Tool, ArgsHashB64U = asked, ResultHashB64U = ResultHash, ResultStatus = Status, LatencyMs = Milliseconds(uint.MaxValue) };
        }
        else
        {
            request.ModelCall = new ModelCall
            {
                Provider = action.Provider,
                Model = action.Model,
                RequestHashB64U = asked,
                ResponseHashB64U = ResultHash,
                TokensInput = TokensInput,
                TokensOutput = TokensOutput,
                LatencyMs = Milliseconds(ModelLatencyMax),
            };
        }

        return request;
    }

    private SideEffect ToSideEffect(AgentAction action, string asked)
    {
        var effect = new SideEffect
        {
            EffectClass = action.Effect == EffectClass.Unspecified ? EffectClass.NetworkEgress : action.Effect,
            Host = action.Host,
            ToolName = action.Tool,
            RequestHashB64U = asked,
            ResponseHashB64U = ResultHash,
            ResponseStatus = Status,
            LatencyMs = Milliseconds(uint.MaxValue),
        };
        if (BytesWritten is { } written)
        {
            effect.BytesWritten = written;
        }

        if (action.Target.Length > 0)
        {
            effect.TargetText = action.Target;
        }

        return effect;
    }

    private uint Milliseconds(uint max) => (uint)Math.Clamp(Latency.TotalMilliseconds, 0, max);
}
