using ClawPdp.Crypto;
using ClawPdp.Engine.State;
using ClawPdp.Files;
using ClawPdp.Ledger;
using ClawPdp.Server.Reload;

namespace ClawPdp.Server.Keys;

/// <summary>Holds the keys in force, takes up changed key files, and keeps to the schedule.</summary>
internal sealed class KeyRingStore : IReloadable
{
    private readonly KeyStore _files;
    private readonly KeySchedule _schedule;
    private readonly EngineStateStore _states;
    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyRingStore> _logger;
    private SigningRing _current;
    private string? _fault;
    private bool _canIssue = true;

    public KeyRingStore(
        KeyStore files,
        SigningRing initial,
        KeySchedule schedule,
        EngineStateStore states,
        LedgerStore ledger,
        TimeProvider time,
        ILogger<KeyRingStore> logger)
    {
        _files = files;
        _current = initial;
        _schedule = schedule;
        _states = states;
        _ledger = ledger;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gets the keys in force.</summary>
    public SigningRing Current => Volatile.Read(ref _current);

    /// <summary>Gets a value indicating whether the key of tokens could be reached when it was last looked at or used.</summary>
    public bool CanIssue => Volatile.Read(ref _canIssue);

    /// <inheritdoc/>
    public string Name => "keys";

    /// <inheritdoc/>
    public string? Fault => Volatile.Read(ref _fault);

    /// <inheritdoc/>
    public async Task ReloadAsync()
    {
        try
        {
            await LookAsync();
            Volatile.Write(ref _fault, null);
            Volatile.Write(ref _canIssue, true);
        }
        catch (KeysBusyException)
        {
            // Whoever changes them is done by the next look.
        }
        catch (Exception exception) when (exception is UnsafeFileException or IOException or UnauthorizedAccessException or LedgerException or SignerUnavailableException)
        {
            Volatile.Write(ref _canIssue, exception is not SignerUnavailableException);
            if (Fault is null)
            {
                Log.ReloadRefused(_logger, Name, exception.Message);
            }

            Volatile.Write(ref _fault, exception.Message);
        }
    }

    private async Task LookAsync()
    {
        var ring = _files.Load();
        if (_schedule.AnnounceDue(ring))
        {
            ring.Wipe();
            ring = _files.Load();
        }

        if (!Current.HasSameKeys(ring))
        {
            // Recorded before it signs anything.
            await KeyRingRecord.KeepIfChangedAsync(_ledger, ring);
            var next = _files.OpenAll(ring, _time.GetUtcNow());
            Volatile.Write(ref _current, next);
            _states.Publish(state => state with { Keys = next.TokenKeys() });
            Log.KeysReloaded(_logger, ring.Keys.Length);
        }

        ring.Wipe();
        _schedule.RetireReplaced(ring);
        Current.Check();
    }
}
