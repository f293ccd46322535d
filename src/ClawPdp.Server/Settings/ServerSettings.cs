using System.Collections.Immutable;
using ClawPdp.Identity;
using ClawPdp.Server.Doors;

namespace ClawPdp.Server.Settings;

/// <summary>The whole configuration, checked: what exists can be served.</summary>
internal sealed record ServerSettings
{
    /// <summary>Gets the full path of the directory with keys and ledger, mode 0700.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Gets where the sidecar listens.</summary>
    public required ListenSettings Listen { get; init; }

    /// <summary>Gets the audiences a token must be for to be decided on here; at least one.</summary>
    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>Gets the identity providers; at least one.</summary>
    public required ImmutableArray<IssuerSettings> Issuers { get; init; }

    /// <summary>Gets the bounds of issuance.</summary>
    public required IssuanceSettings Issuance { get; init; }

    /// <summary>Gets the policy in force.</summary>
    public required PolicySettings Policy { get; init; }

    /// <summary>Gets the <c>gateway_id</c> that model-call receipts carry; <see langword="null"/> stands for the receipt key's did:key.</summary>
    public required string? GatewayId { get; init; }

    /// <summary>Gets whether an answer waits for its record; by default it does not.</summary>
    public DecisionLogMode DecisionLog { get; init; }

    /// <summary>Gets the origin of the transparency log; <see langword="null"/> stands for <c>clawpdp/</c> and the key id of the log key.</summary>
    public string? LogOrigin { get; init; }

    /// <summary>Gets how much may be under way at once.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>Gets how the keys are kept and replaced.</summary>
    public KeySettings Keys { get; init; } = new();

    /// <summary>Gets the doors that stand open beside the core's own gRPC.</summary>
    public ImmutableArray<IDoor> Doors { get; init; } = [];

    /// <summary>Gets how the sidecar is watched.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>Gets how long stopping may take before what is left is given up; the default is 10 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how often watched files are looked at; the default is 2 seconds.</summary>
    public required TimeSpan ReloadInterval { get; init; }

    /// <summary>Gets the least severe log line that is written; the default is Information.</summary>
    public required LogLevel LogLevel { get; init; }
}
