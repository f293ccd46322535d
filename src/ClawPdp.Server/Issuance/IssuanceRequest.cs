using System.Collections.Immutable;
using ClawPdp.Core.Mappings;
using ClawPdp.Engine.Holders;
using ClawPdp.Identity;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Issuance;

/// <summary>What is asked of IssueCst.</summary>
internal sealed record IssuanceRequest
{
    /// <summary>Gets the ID token, the identity assertion or the parent CST: a secret, never written anywhere.</summary>
    public required string Credential { get; init; }

    /// <summary>Gets what the call shows of who makes it, for a parent CST that is bound to a holder; <see langword="null"/> for nothing.</summary>
    public HolderEvidence? Evidence { get; init; }

    /// <summary>Gets who alone shall be able to use the token; <see langword="null"/> when the request does not say.</summary>
    public HolderRequest? Holder { get; init; }

    /// <summary>Gets who the credential has to be for, where it is an identity assertion; <see langword="null"/> for any other one.</summary>
    public AssertionExpectation? Assertion { get; init; }

    public required string AgentDid { get; init; }

    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>Gets the narrowing; a list that is <see langword="null"/> keeps the whole dimension.</summary>
    public required ScopeRequest Narrowing { get; init; }

    /// <summary>Gets the lifetime asked for in whole seconds; <see langword="null"/> means the default.</summary>
    public required long? LifetimeSeconds { get; init; }

    public string MissionId { get; init; } = "";

    public string PolicyHash { get; init; } = "";

    public string Group { get; init; } = "";

    public string OwnerDid { get; init; } = "";

    public string ControllerDid { get; init; } = "";

    public double? SpendCap { get; init; }

    /// <summary>Gets what may be spent under a delegation, in minor units; empty for the parent's, or none.</summary>
    public string DelegationSpendCapMinor { get; init; } = "";

    /// <summary>Gets the hash of the description of the task that is delegated; empty for the scope hash in its place.</summary>
    public string TaskDescriptionHash { get; init; } = "";

    /// <summary>Gets the trace that it is a part of.</summary>
    public CallTrace Trace { get; init; }
}
