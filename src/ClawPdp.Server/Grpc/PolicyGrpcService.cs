using ClawPdp.Engine.State;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Policies;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to policies. It translates and decides nothing.</summary>
internal sealed class PolicyGrpcService : PolicyService.PolicyServiceBase
{
    private readonly PolicyStore _policies;
    private readonly MappingStore _mappings;
    private readonly EngineStateStore _states;

    public PolicyGrpcService(PolicyStore policies, MappingStore mappings, EngineStateStore states)
    {
        _policies = policies;
        _mappings = mappings;
        _states = states;
    }

    /// <inheritdoc/>
    public override Task<GetActivePolicyResponse> GetActivePolicy(GetActivePolicyRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(new RequestCheck().Text("audience", request.Audience, RequestLimits.AudienceMax).Fault);
        var response = new GetActivePolicyResponse { Epoch = (ulong)_states.Current.Epoch };
        if (_policies.Current is { } loaded)
        {
            response.Active = new ActivePolicy
            {
                Policy = Write(loaded),
                EnvelopeJson = ByteString.CopyFrom(loaded.EnvelopeJson),
                ActivatedAt = Timestamp.FromDateTimeOffset(loaded.LoadedAt),
                ActivationNumber = (ulong)loaded.ActivationNumber,
            };
        }
        else
        {
            response.Refusal = WireReasons.Refuse(ReasonCode.PolicyMissing, "no policy is in force");
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context)
    {
        var check = new RequestCheck()
            .Count("page_size", request.PageSize, 0, RequestLimits.PageSizeMax)
            .Text("page_token", request.PageToken, RequestLimits.PageTokenMax)
            .Hash("page_token", request.PageToken);
        RequestFaults.ThrowIfAny(check.Fault);

        // A page token is the hash of the last policy before the page.
        var response = new ListPoliciesResponse();
        if (_policies.Current is { } loaded && string.CompareOrdinal(loaded.Policy.PolicyHash, request.PageToken) > 0)
        {
            response.Policies.Add(new PolicySummary
            {
                Policy = Write(loaded),
                Active = true,
                LoadedAt = Timestamp.FromDateTimeOffset(loaded.LoadedAt),
            });
        }

        return Task.FromResult(response);
    }

    private Policy Write(LoadedPolicy loaded) => new()
    {
        PolicyHashB64U = loaded.Policy.PolicyHash,
        PolicyId = loaded.Policy.PolicyId,
        FormatVersion = loaded.Policy.FormatVersion,
        PolicyVersion = _mappings.LabelOf(loaded.Policy.PolicyHash),
        IssuerDid = loaded.Policy.IssuerDid,
        SignerDid = loaded.SignerDid,
    };
}
