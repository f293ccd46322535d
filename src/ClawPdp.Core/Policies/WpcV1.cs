using System.Collections.Immutable;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>
/// A policy of version 1, enforced as the reference proxy does: the provider and the model must both pass, models without
/// regard to case; and beyond the reference, its egress list. An empty or absent list restricts nothing, and tools are
/// never restricted.
/// </summary>
public sealed class WpcV1 : WorkPolicyContract
{
    private static readonly PolicyOutcome Allowed = new(PolicyFailure.None, []);

    private readonly ImmutableArray<string> _providers;
    private readonly ImmutableArray<string> _models;
    private readonly ImmutableArray<HostPattern> _egress;
    private readonly bool _demandsIdentity;

    internal WpcV1(
        JsonValue payload,
        string policyId,
        string issuerDid,
        string policyHash,
        ImmutableArray<string> providers,
        ImmutableArray<string> models,
        ImmutableArray<HostPattern> egress,
        bool demandsIdentity)
        : base(payload, policyId, issuerDid, policyHash)
    {
        _providers = providers;
        _models = models;
        _egress = egress;
        _demandsIdentity = demandsIdentity;
    }

    /// <inheritdoc/>
    public override string FormatVersion => "1";

    /// <inheritdoc/>
    public override PolicyOutcome Evaluate(PolicyQuestion question)
    {
        if (question.Model is { } model)
        {
            var failure = CheckModel(model, question.Provider);
            if (failure != PolicyFailure.None)
            {
                return new PolicyOutcome(failure, []);
            }
        }

        return question.Host is { } host && !_egress.IsEmpty && !AllowsHost(host)
            ? new PolicyOutcome(PolicyFailure.EgressNotAllowed, [])
            : Allowed;
    }

    private PolicyFailure CheckModel(ModelName model, string? provider)
    {
        if (!_providers.IsEmpty && (provider is null || !_providers.Contains(provider, StringComparer.Ordinal)))
        {
            return PolicyFailure.ProviderNotAllowed;
        }

        if (!_models.IsEmpty && !AllowsModel(model))
        {
            return PolicyFailure.ModelNotAllowed;
        }

        // Every model reached through an interface is opaque: a policy that demands more allows none.
        return _demandsIdentity ? PolicyFailure.ModelIdentityTierTooLow : PolicyFailure.None;
    }

    private bool AllowsModel(ModelName model)
    {
        foreach (var pattern in _models)
        {
            if (StarGlob.Matches(pattern, model.Text, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }

    private bool AllowsHost(HostName host)
    {
        foreach (var pattern in _egress)
        {
            if (pattern.Matches(host))
            {
                return true;
            }
        }

        return false;
    }
}
