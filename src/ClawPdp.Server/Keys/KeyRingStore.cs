using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;
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
    private readonly RevocationView _revocations;
    private readonly Lock _turn = new();
    private Task _looking = Task.CompletedTask;
    private SigningRing _current;
    private string? _fault;

    public KeyRingStore(
        KeyStore files,
        SigningRing initial,
        KeySchedule schedule,
        EngineStateStore states,
        RevocationView revocations,
        LedgerStore ledger,
        TimeProvider time,
        ILogger<KeyRingStore> logger)
    {
        _revocations = revocations;
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
    public bool CanIssue => !Current.SignerOf(KeyPurpose.Token).IsAway;

    /// <inheritdoc/>
    public string Name => "keys";

    /// <inheritdoc/>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Puts another key in the place of that of receipts where the one that signs is revoked.</summary>
    public Task ReplaceRevokedAsync() =>
        KeySchedule.IsRevoked(Current.SignerOf(KeyPurpose.Receipt).PublicKey, _revocations) ? ReloadAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    // One look after the other: a revocation asks for one beside those at the steady interval.
    public Task ReloadAsync()
    {
        lock (_turn)
        {
            return _looking = LookAfterAsync(_looking);
        }
    }

    private async Task LookAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await LookAsync();
            Volatile.Write(ref _fault, null);
        }
        catch (KeysBusyException)
        {
            // Whoever changes them is done by the next look.
        }
        catch (Exception exception) when (exception is UnsafeFileException or IOException or UnauthorizedAccessException or LedgerException or SignerUnavailableException)
        {
            if (Fault is null)
            {
                Log.ReloadRefused(_logger, Name, exception.Message);
            }

            Volatile.Write(ref _fault, exception.Message);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await TakeUpAsync();
        }
        finally
        {
            // Whatever is wrong with the files, a signer that is back is known to be.
            Current.Check();
        }
    }

    private async Task TakeUpAsync()
    {
        var ring = _files.Load();
        if (_schedule.ReplaceRevoked(ring, _revocations) || _schedule.AnnounceDue(ring))
        {
            ring.Wipe();
            ring = _files.Load();
        }

        if (!Current.HasSameKeys(ring))
        {
            // Recorded before it signs anything.
            await KeyRingRecord.KeepIfChangedAsync(_ledger, ring);
            var next = _files.OpenAll(ring, _time.GetUtcNow(), Current);
            Volatile.Write(ref _current, next);
            _states.Publish(state => state with { Keys = next.TokenKeys() });
            Log.KeysReloaded(_logger, ring.Keys.Length);
        }

        ring.Wipe();
        _schedule.RetireReplaced(ring);
    }
}
