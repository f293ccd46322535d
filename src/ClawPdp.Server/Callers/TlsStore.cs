using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Callers;

/// <summary>
/// Holds the certificates of a listener and takes up changed files. All are read anew and taken together or not at all: while they are being
/// exchanged one by one, the key does not fit the certificate, and the last good ones stay.
/// </summary>
internal sealed class TlsStore : IReloadable
{
    private readonly TlsSettings _settings;
    private readonly FaultBoard _faults;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private byte[] _seen = [];
    private TlsMaterial? _current;
    private string? _wanting;

    private TlsStore(string name, TlsSettings settings, ClientConnections clients, FaultBoard faults, TimeProvider time, ILogger logger)
    {
        Name = name;
        Clients = clients;
        _settings = settings;
        _faults = faults;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Fault => _faults.Fault ?? Volatile.Read(ref _wanting);

    /// <summary>Gets the connections of clients that were accepted by them.</summary>
    public ClientConnections Clients { get; }

    /// <summary>Gets the certificates in force.</summary>
    public TlsMaterial Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("not opened");

    /// <summary>Gives the name in log lines and health.</summary>
    public static string NameOf(string listener) => $"certificates of the listener {listener}";

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="StartFaultException">They cannot be used.</exception>
    public static TlsStore Open(string listener, TlsSettings settings, ClientConnections clients, FaultBoard faults, TimeProvider time, ILogger logger)
    {
        var store = new TlsStore(NameOf(listener), settings, clients, faults, time, logger);
        if (store.Read() is { } fault)
        {
            throw new StartFaultException(fault);
        }

        store.ShowWanting();
        return store;
    }

    /// <inheritdoc/>
    public Task ReloadAsync()
    {
        _faults.Show(Read());
        ShowWanting();
        Clients.Look();
        return Task.CompletedTask;
    }

    // Of what is in force, with no file changed: a list of revoked certificates ends by itself.
    private void ShowWanting()
    {
        var wanting = Current.Clients?.Revoked?.FindFault(_time.GetUtcNow());
        if (wanting is not null && !string.Equals(wanting, _wanting, StringComparison.Ordinal))
        {
            Log.RevocationListWanting(_logger, Name, wanting);
        }

        Volatile.Write(ref _wanting, wanting);
    }

    private string? Read()
    {
        try
        {
            var files = TlsFiles.Read(_settings);
            var seen = files.Digest;
            if (seen.AsSpan().SequenceEqual(_seen))
            {
                return null;
            }

            var material = files.Create(_current);
            Clients.Take(material.Clients);
            if (Interlocked.Exchange(ref _current, material) is not null)
            {
                Log.CertificatesReloaded(_logger, Name);
            }

            _seen = seen;
            return null;
        }
        catch (Exception exception) when (TlsFiles.FaultOf(_settings, exception) is not null)
        {
            return TlsFiles.FaultOf(_settings, exception);
        }
    }
}
