using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Policies.Shadows;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Policies;

/// <summary>Everything about policies, in order before the sidecar listens.</summary>
internal sealed class PolicyState
{
    private PolicyState(PolicyLibrary library, PolicyActivations activations, PolicyDesk desk, LiveTokens tokens, ShadowDesk shadows, PolicyMeter meter, ImmutableArray<IReloadable> watched)
    {
        Shadows = shadows;
        Library = library;
        Activations = activations;
        Desk = desk;
        Tokens = tokens;
        Meter = meter;
        Watched = watched;
    }

    public PolicyLibrary Library { get; }

    public PolicyActivations Activations { get; }

    public PolicyDesk Desk { get; }

    public LiveTokens Tokens { get; }

    public ShadowDesk Shadows { get; }

    public PolicyMeter Meter { get; }

    /// <summary>Gets what is looked at again and again.</summary>
    public ImmutableArray<IReloadable> Watched { get; }

    /// <summary>Puts in force what is on disk, then looks at the configured folder and file.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="keys">The installation's keys.</param>
    /// <param name="states">Receives the policies in force.</param>
    /// <param name="revocations">Everything revoked; full already, as it decides whose policies are accepted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes the loggers.</param>
    /// <returns>The state, and the faults that the start must fail with.</returns>
    /// <exception cref="LedgerException">The ledger cannot be read, or is not whole.</exception>
    public static async Task<(PolicyState State, ImmutableArray<Fault> Faults)> OpenAsync(
        ServerSettings settings,
        LedgerStore ledger,
        KeyRingStore keys,
        EngineStateStore states,
        RevocationView revocations,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var meter = new PolicyMeter();
        var library = PolicyLibrary.Open(ledger, loggers.CreateLogger<PolicyLibrary>());
        var activations = PolicyActivations.Open(ledger, library, states, revocations, settings.Audiences, time.GetUtcNow());
        meter.ShowNumber(ledger.Policies.ReadLastNumber());
        var signers = new PolicySigners(settings.Policy, keys, revocations, ledger);
        var desk = new PolicyDesk(library, activations, signers, ledger, settings, meter, time, loggers.CreateLogger<PolicyDesk>());
        var watched = ImmutableArray.CreateBuilder<IReloadable>();
        ImmutableArray<Fault> faults = [];
        watched.Add(activations);
        // The folder first: the file's policy may inherit from one in it.
        if (settings.Policy.DirectoryPath is { } folder)
        {
            var directory = new PolicyDirectory(folder, desk, meter, loggers.CreateLogger<PolicyDirectory>());
            await directory.ReloadAsync();
            watched.Add(directory);
        }

        if (settings.Policy.Path is { } path)
        {
            var file = new PolicyFile(path, desk, activations, ledger, meter, loggers.CreateLogger<PolicyFile>());
            faults = await file.OpenAsync();
            watched.Add(file);
        }

        var tokens = new LiveTokens(ledger, revocations, activations, settings, time);
        var shadows = ShadowDesk.Open(settings, ledger, library, desk, states, meter, time, loggers.CreateLogger<ShadowDesk>());
        return (new PolicyState(library, activations, desk, tokens, shadows, meter, watched.DrainToImmutable()), faults);
    }
}
