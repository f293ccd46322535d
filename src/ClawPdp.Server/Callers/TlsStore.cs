using System.Security.Cryptography;
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
    /// <summary>The longest of its files that is read.</summary>
    public const int SizeMaxBytes = 1 << 20;

    private readonly TlsSettings _settings;
    private readonly FaultBoard _faults;
    private readonly ILogger _logger;
    private byte[] _seen = [];
    private TlsMaterial? _current;

    private TlsStore(string name, TlsSettings settings, FaultBoard faults, ILogger logger)
    {
        Name = name;
        _settings = settings;
        _faults = faults;
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Fault => _faults.Fault;

    /// <summary>Gets the certificates in force.</summary>
    public TlsMaterial Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("not opened");

    /// <summary>Gives the name in log lines and health.</summary>
    public static string NameOf(string listener) => $"certificates of the listener {listener}";

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="StartFaultException">They cannot be used.</exception>
    public static TlsStore Open(string listener, TlsSettings settings, FaultBoard faults, ILogger logger)
    {
        var store = new TlsStore(NameOf(listener), settings, faults, logger);
        return store.Read() is { } fault ? throw new StartFaultException(fault) : store;
    }

    /// <inheritdoc/>
    public Task ReloadAsync()
    {
        _faults.Show(Read());
        return Task.CompletedTask;
    }

    private string? Read()
    {
        try
        {
            var certificate = BoundedFile.Read(_settings.CertificatePath, SizeMaxBytes);
            var key = BoundedFile.Read(_settings.KeyPath, SizeMaxBytes);
            var authorities = _settings.ClientAuthorityPath is { } path ? BoundedFile.Read(path, SizeMaxBytes) : null;
            byte[] seen = [.. SHA256.HashData(certificate), .. SHA256.HashData(key), .. SHA256.HashData(authorities ?? [])];
            if (seen.AsSpan().SequenceEqual(_seen))
            {
                return null;
            }

            var material = TlsMaterial.Create(certificate, key, authorities);
            if (Interlocked.Exchange(ref _current, material) is not null)
            {
                Log.CertificatesReloaded(_logger, Name);
            }

            _seen = seen;
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{_settings.CertificatePath}: it, its key or the authorities cannot be read";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return $"{_settings.CertificatePath}: it, its key or the authorities cannot be used: {exception.Message}";
        }
    }
}
