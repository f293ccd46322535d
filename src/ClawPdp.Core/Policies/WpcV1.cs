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
        Providers = providers;
        Models = models;
        Egress = egress;
        DemandsIdentity = demandsIdentity;
    }

    /// <inheritdoc/>
    public override string FormatVersion => "1";

    /// <summary>Gets the allowed providers; none restricts nothing.</summary>
    public ImmutableArray<string> Providers { get; }

    /// <summary>Gets the patterns of allowed models, letters without regard to case; none restricts nothing.</summary>
    public ImmutableArray<string> Models { get; }

    /// <summary>Gets the allowed hosts; none restricts nothing.</summary>
    public ImmutableArray<HostPattern> Egress { get; }

    /// <summary>Gets a value indicating whether it demands a model whose identity is proved, which none is that is reached through an interface.</summary>
    public bool DemandsIdentity { get; }

    /// <inheritdoc/>
    public override LinkOutcome Judge(PolicyAction action, string resource, in PolicyQuestion question, LinkTrace? trace = null)
    {
        var failure = action switch
        {
            PolicyAction.ToolExecute => PolicyFailure.None,
            PolicyAction.ModelInvoke => JudgeModel(resource, question.Provider, trace),
            PolicyAction.NetworkEgress when question.Host is { } host => JudgeHost(host, trace),
            _ => PolicyFailure.NotJudged,
        };
        if (trace is not null)
        {
            trace.Failure = failure;
        }

        return new LinkOutcome(failure, 0);
    }

    private PolicyFailure JudgeModel(string model, string? provider, LinkTrace? trace)
    {
        var matchedProvider = provider is null ? null : Find(Providers, provider, static (entry, asked) => string.Equals(entry, asked, StringComparison.Ordinal));
        var failure = Passes("allowed_providers", provider, Providers.IsEmpty, matchedProvider, trace) ? PolicyFailure.None : PolicyFailure.ProviderNotAllowed;
        if (failure != PolicyFailure.None && trace is null)
        {
            return failure;
        }

        // With a trace every list is looked at; the first that refuses still gives the failure.
        var matchedModel = Find(Models, model, static (pattern, asked) => StarGlob.Matches(pattern, asked, ignoreCase: true));
        if (!Passes("allowed_models", model, Models.IsEmpty, matchedModel, trace) && failure == PolicyFailure.None)
        {
            failure = PolicyFailure.ModelNotAllowed;
        }

        return !Passes("minimum_model_identity_tier", WpcV1Reader.OpaqueTier, !DemandsIdentity, null, trace) && failure == PolicyFailure.None
            ? PolicyFailure.ModelIdentityTierTooLow
            : failure;
    }

    private PolicyFailure JudgeHost(HostName host, LinkTrace? trace)
    {
        var matched = Find(Egress, host, static (pattern, asked) => pattern.Matches(asked));

        // Writing the host with its port allocates, and only a trace shows it.
        return Passes("egress_allowlist", trace is null ? null : host.ToString(), Egress.IsEmpty, matched?.Text, trace) ? PolicyFailure.None : PolicyFailure.EgressNotAllowed;
    }

    private static bool Passes(string member, string? actual, bool isUnrestricted, string? matched, LinkTrace? trace)
    {
        var passes = isUnrestricted || matched is not null;
        trace?.Rules.Add(new RuleTrace(member, actual, matched, passes));
        return passes;
    }

    private static TEntry? Find<TEntry, TAsked>(ImmutableArray<TEntry> entries, TAsked asked, Func<TEntry, TAsked, bool> matches)
        where TEntry : class
    {
        foreach (var entry in entries)
        {
            if (matches(entry, asked))
            {
                return entry;
            }
        }

        return null;
    }
}
