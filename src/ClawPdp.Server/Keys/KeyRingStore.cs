using ClawPdp.Engine.State;
using ClawPdp.Files;
using ClawPdp.Server.Reload;

namespace ClawPdp.Server.Keys;

/// <summary>Holds the keys in force and takes up changed key files.</summary>
internal sealed class KeyRingStore : IReloadable
{
    private readonly KeyStore _files;
    private readonly EngineStateStore _states;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyRingStore> _logger;
    private SigningRing _current;
    private string? _fault;

    public KeyRingStore(KeyStore files, SigningRing initial, EngineStateStore states, TimeProvider time, ILogger<KeyRingStore> logger)
    {
        _files = files;
        _current = initial;
        _states = states;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gets the keys in force.</summary>
    public SigningRing Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public string Name => "keys";

    /// <inheritdoc/>
    public string? Fault => Volatile.Read(ref _fault);

    /// <inheritdoc/>
    public Task ReloadAsync()
    {
        Reload();
        return Task.CompletedTask;
    }

    private void Reload()
    {
        try
        {
            var ring = _files.Load();
            if (!Current.HasSameKeys(ring))
            {
                var next = new SigningRing(ring, _time.GetUtcNow());
                Volatile.Write(ref _current, next);
                _states.Publish(state => state with { Keys = next.TokenKeys() });
                Log.KeysReloaded(_logger, ring.Keys.Length);
            }

            Volatile.Write(ref _fault, null);
        }
        catch (Exception exception) when (exception is UnsafeFileException or IOException or UnauthorizedAccessException)
        {
            if (Fault is null)
            {
                Log.ReloadRefused(_logger, Name, exception.Message);
            }

            Volatile.Write(ref _fault, exception.Message);
        }
    }
}
