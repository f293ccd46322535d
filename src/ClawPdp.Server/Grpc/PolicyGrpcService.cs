using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Policies;
using ClawPdp.Server.Policies.Shadows;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to policies. It translates and decides nothing.</summary>
internal sealed class PolicyGrpcService : PolicyService.PolicyServiceBase
{
    private readonly PolicyLibrary _library;
    private readonly PolicyActivations _activations;
    private readonly PolicyDesk _desk;
    private readonly LiveTokens _tokens;
    private readonly ShadowDesk _shadows;
    private readonly LedgerStore _ledger;
    private readonly MappingStore _mappings;
    private readonly EngineStateStore _states;
    private readonly DiskWork _disk;
    private readonly CallGuard _guard;
    private readonly AdminActs _acts;

    public PolicyGrpcService(
        PolicyLibrary library,
        PolicyActivations activations,
        PolicyDesk desk,
        LiveTokens tokens,
        ShadowDesk shadows,
        LedgerStore ledger,
        MappingStore mappings,
        EngineStateStore states,
        DiskWork disk,
        CallGuard guard,
        AdminActs acts)
    {
        _library = library;
        _activations = activations;
        _desk = desk;
        _tokens = tokens;
        _shadows = shadows;
        _ledger = ledger;
        _mappings = mappings;
        _states = states;
        _disk = disk;
        _guard = guard;
        _acts = acts;
    }

    /// <inheritdoc/>
    public override Task<GetActivePolicyResponse> GetActivePolicy(GetActivePolicyRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request));
        var response = new GetActivePolicyResponse { Epoch = (ulong)_states.Current.Epoch };
        if (_activations.For(request.Audience) is { } record && _library.Find(record.PolicyHash) is { } held)
        {
            response.Active = WirePolicies.Write(record, held, _mappings);
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
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request));

        // A page token is the hash of the last policy before the page.
        var size = SizeOf(request.PageSize);
        var page = _library.After(request.PageToken).Take(size + 1).ToList();
        var response = new ListPoliciesResponse { NextPageToken = page.Count > size ? page[size - 1].Policy.PolicyHash : "" };
        response.Policies.AddRange(page.Take(size).Select(held => new PolicySummary
        {
            Policy = WirePolicies.Write(held, _mappings),
            Active = _activations.IsActive(held.Policy.PolicyHash),
            LoadedAt = Timestamp.FromDateTimeOffset(held.HeldSince),
        }));
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override Task<PutPolicyResponse> PutPolicy(PutPolicyRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request));
        return _guard.WriteAsync(
            nameof(PutPolicy),
            context,
            "",
            () => _acts.RunAsync(context.GetHttpContext(), nameof(PutPolicy), Sha256.B64u(request.EnvelopeJson.Span), "", () => PutAsync(request), static answer => ReasonOf(answer.Refusal)),
            static (reason, message) => new PutPolicyResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<ActivatePolicyResponse> ActivatePolicy(ActivatePolicyRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request));
        return _guard.WriteAsync(
            nameof(ActivatePolicy),
            context,
            "",
            () => request.DryRun ? _disk.RunLongAsync(() => Preview(request, context.CancellationToken), context.CancellationToken) : _acts.RunAsync(context.GetHttpContext(), nameof(ActivatePolicy), request.PolicyHashB64U, request.Reason, () => ActivateAsync(request), static answer => ReasonOf(answer.Refusal)),
            (reason, message) => new ActivatePolicyResponse { Refusal = WireReasons.Refuse(reason, message), Epoch = (ulong)_states.Current.Epoch });
    }

    /// <inheritdoc/>
    public override async Task<ListActivationsResponse> ListActivations(ListActivationsRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request, out var before));
        var size = SizeOf(request.PageSize);
        var page = await _disk.RunAsync(() => _ledger.Policies.ReadActivations(before, size + 1), context.CancellationToken);
        var response = new ListActivationsResponse
        {
            NextPageToken = page.Length > size ? page[size - 1].ActivationNumber.ToString(CultureInfo.InvariantCulture) : "",
        };
        response.Activations.AddRange(page.Take(size).Select(WirePolicies.Write));
        return response;
    }

    /// <inheritdoc/>
    public override Task<ShadowPolicyResponse> ShadowPolicy(ShadowPolicyRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request));
        return _guard.WriteAsync(
            nameof(ShadowPolicy),
            context,
            "",
            () => _acts.RunAsync(
                context.GetHttpContext(),
                nameof(ShadowPolicy),
                request.PolicyHashB64U,
                "",
                () => request.PolicyHashB64U.Length == 0 ? EndShadowAsync(request) : BeginShadowAsync(request),
                static answer => ReasonOf(answer.Refusal)),
            static (reason, message) => new ShadowPolicyResponse { Refusal = WireReasons.Refuse(reason, message) });
    }

    /// <inheritdoc/>
    public override Task<GetShadowReportResponse> GetShadowReport(GetShadowReportRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(PolicyRequestChecks.Check(request));
        return Task.FromResult(WireShadows.Report(_shadows.Find(request.Audience)));
    }

    private static ReasonCode ReasonOf(Refusal? refusal) => (ReasonCode)(int)(refusal?.ReasonCode ?? V1.ReasonCode.Unspecified);

    private static int SizeOf(int pageSize) => pageSize == 0 ? RequestLimits.PageSizeDefault : pageSize;

    private async Task<PutPolicyResponse> PutAsync(PutPolicyRequest request)
    {
        var outcome = await _desk.PutAsync(request.EnvelopeJson.Memory, replaces: true);
        return outcome.Held is { } held
            ? new PutPolicyResponse { Policy = WirePolicies.Write(held, _mappings), Existed = outcome.Existed }
            : new PutPolicyResponse { Refusal = WirePolicies.Refuse(outcome.Refusal) };
    }

    private async Task<ActivatePolicyResponse> ActivateAsync(ActivatePolicyRequest request)
    {
        var result = await _desk.ActivateAsync(WirePolicies.Read(request));
        return result.Record is { } record && _library.Find(record.PolicyHash) is { } held
            ? new ActivatePolicyResponse { Activated = WirePolicies.Write(record, held, _mappings), Epoch = (ulong)result.Epoch }
            : new ActivatePolicyResponse { Refusal = WirePolicies.Refuse(result.Refusal), Epoch = (ulong)_states.Current.Epoch };
    }

    private async Task<ShadowPolicyResponse> BeginShadowAsync(ShadowPolicyRequest request)
    {
        var (tally, refusal) = await _shadows.BeginAsync(request.PolicyHashB64U, request.Audience, Math.Max(1, request.SampleInterval));
        return tally is null
            ? new ShadowPolicyResponse { Refusal = WirePolicies.Refuse(refusal) }
            : new ShadowPolicyResponse { Shadowed = WireShadows.Write(tally) };
    }

    private async Task<ShadowPolicyResponse> EndShadowAsync(ShadowPolicyRequest request)
    {
        return await _shadows.EndAsync(request.Audience) is { } refusal
            ? new ShadowPolicyResponse { Refusal = WirePolicies.Refuse(refusal) }
            : new ShadowPolicyResponse { Shadowed = new ShadowedPolicy { Audience = request.Audience } };
    }

    private ActivatePolicyResponse Preview(ActivatePolicyRequest request, CancellationToken cancellation)
    {
        var epoch = (ulong)_states.Current.Epoch;
        if (_desk.Check(WirePolicies.Read(request)) is { } refusal)
        {
            return new ActivatePolicyResponse { Refusal = WirePolicies.Refuse(refusal), Epoch = epoch };
        }

        var count = _tokens.Count(request.Audience, request.PolicyHashB64U, cancellation);
        var active = _activations.For(request.Audience)?.PolicyHash ?? "";
        var preview = new ActivationPreview
        {
            ActivePolicyHashB64U = active,
            NextActivationNumber = (ulong)_ledger.Policies.ReadLastNumber() + 1,
            LiveTokenCount = count.Live,
            StrandedTokenCount = count.Stranded,
            AlreadyActive = string.Equals(active, request.PolicyHashB64U, StringComparison.Ordinal),
        };
        preview.Stranded.AddRange(count.Groups.Select(WirePolicies.Write));
        return new ActivatePolicyResponse { Preview = preview, Epoch = epoch };
    }
}
