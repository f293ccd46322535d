using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Files;
using ClawPdp.Ledger;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Policies;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Hosting;

/// <summary>Everything that must be in order before the sidecar listens: keys, ledger, mapping, policy, revocations.</summary>
internal sealed class SidecarState : IAsyncDisposable
{
    private const int OwnAppendsMax = 256;

    private SidecarState(
        LedgerStore ledger,
        KeyVault vault,
        KeyRingStore keys,
        EngineStateStore states,
        RevocationView revocations,
        MappingStore mappings,
        PolicyState policies,
        Installation installation,
        TransparencyLogStore log,
        CommitDurations commits)
    {
        Ledger = ledger;
        Vault = vault;
        Keys = keys;
        States = states;
        Revocations = revocations;
        Mappings = mappings;
        Policies = policies;
        Installation = installation;
        TransparencyLog = log;
        Commits = commits;
    }

    public LedgerStore Ledger { get; }

    public KeyVault Vault { get; }

    public KeyRingStore Keys { get; }

    public EngineStateStore States { get; }

    public RevocationView Revocations { get; }

    public MappingStore Mappings { get; }

    public PolicyState Policies { get; }

    public Installation Installation { get; }

    public TransparencyLogStore TransparencyLog { get; }

    public CommitDurations Commits { get; }

    /// <summary>Opens everything.</summary>
    /// <exception cref="StartFaultException">Something is not in order.</exception>
    public static async Task<SidecarState> OpenAsync(ServerSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        LedgerStore? ledger = null;
        try
        {
            OwnerOnlyDirectory.Ensure(settings.DataDirectory);
            var commits = new CommitDurations(time);
            ledger = LedgerStore.Open(LedgerSettingsOf(settings) with { CommitTold = commits.Take }, time, loggers.CreateLogger<LedgerStore>());
            var state = await OpenAsync(settings, ledger, commits, time, loggers);
            ledger = null;
            return state;
        }
        catch (Exception exception) when (exception is UnsafeFileException or LedgerException or IOException or UnauthorizedAccessException)
        {
            throw new StartFaultException($"{settings.DataDirectory}: {exception.Message}", exception);
        }
        finally
        {
            if (ledger is not null)
            {
                await ledger.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Ledger.DisposeAsync();

    private static async Task<SidecarState> OpenAsync(ServerSettings settings, LedgerStore ledger, CommitDurations commits, TimeProvider time, ILoggerFactory loggers)
    {
        var now = time.GetUtcNow();
        var begin = NotBefore(ledger.Health.NewestAtOpening, now, loggers);
        var vault = new KeyVault(settings.Keys.Passphrase, settings.Keys.AllowPlaintext);
        var keyStore = new KeyStore(settings.DataDirectory, time, vault);
        var held = keyStore.LoadOrGenerate();
        await KeyRingRecord.KeepIfChangedAsync(ledger, held);
        var ring = keyStore.OpenAll(held, now);
        var states = new EngineStateStore(new EngineState
        {
            // Microseconds since 1970: another start never meets a value that an earlier one gave out.
            Epoch = (begin - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            Keys = ring.TokenKeys(),
            Policies = PolicyTable.Empty,
            Approvers = settings.Policy.Approvers,
            PolicyRequired = settings.Policy.Required,
            Audiences = settings.Audiences,
        });
        var keyLogger = loggers.CreateLogger<KeyRingStore>();
        var revocations = new RevocationView();
        RevocationDesk.Restore(ledger, revocations);
        var keys = new KeyRingStore(keyStore, ring, new KeySchedule(keyStore, settings.Keys, keyLogger), states, revocations, ledger, time, keyLogger);

        // A crash may have come before the successor of a revoked key; and whether a signer answers is told from the start.
        await (ring.HasSigner ? keys.ReloadAsync() : keys.ReplaceRevokedAsync());
        var (policies, faults) = await PolicyState.OpenAsync(settings, ledger, keys, states, revocations, time, loggers);
        var mappings = MappingStore.Open(settings.Issuance, states, loggers.CreateLogger<MappingStore>());
        ImmutableArray<string> lines =
        [
            .. Lines(settings.Issuance.ScopeMappingPath, mappings.Faults),
            .. Lines(settings.Policy.Path ?? "", faults),
        ];
        if (!lines.IsEmpty)
        {
            throw new StartFaultException(lines);
        }

        var log = await LogOpening.OpenAsync(settings, ledger, keys, time, loggers.CreateLogger<TransparencyLogStore>());
        return new SidecarState(ledger, vault, keys, states, revocations, mappings.Value, policies, await Installation.OpenAsync(ledger), log, commits);
    }

    // Room for all that the gate lets in, and for what the sidecar writes by itself.
    private static LedgerSettings LedgerSettingsOf(ServerSettings settings) => new()
    {
        DirectoryPath = settings.DataDirectory,
        QueueCapacity = settings.Limits.CallsMax + OwnAppendsMax,
        DrainTimeout = settings.ShutdownTimeout,
    };

    // A clock that was set back between two starts is told of; the epoch goes on from where it may have been.
    private static DateTimeOffset NotBefore(DateTimeOffset? newest, DateTimeOffset now, ILoggerFactory loggers)
    {
        if (newest is not { } recorded || recorded <= now)
        {
            return now;
        }

        Log.ClockBehindLedger(loggers.CreateLogger<SidecarState>(), now, recorded);
        return recorded + TimeSpan.FromSeconds(1);
    }

    private static IEnumerable<string> Lines(string file, ImmutableArray<Fault> faults) => faults.Select(fault => FaultText.Write(file, fault));
}
