using System.Security.Cryptography;
using System.Text;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Callers;

/// <summary>Holds the admin tokens in force and takes up a changed file.</summary>
internal sealed class AdminTokenStore : IReloadable
{
    private readonly string _path;
    private readonly FaultBoard _faults;
    private readonly TimeProvider _time;
    private byte[] _content = [];
    private IReadOnlyList<AdminToken> _tokens = [];

    private AdminTokenStore(string path, FaultBoard faults, TimeProvider time)
    {
        _path = path;
        _faults = faults;
        _time = time;
        Name = NameOf(path);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Fault => _faults.Fault;

    /// <summary>Gives the name in log lines and health.</summary>
    public static string NameOf(string path) => $"admin tokens {path}";

    /// <summary>Reads a file for the first time.</summary>
    /// <exception cref="StartFaultException">It cannot be used.</exception>
    public static AdminTokenStore Open(string path, FaultBoard faults, TimeProvider time)
    {
        var store = new AdminTokenStore(path, faults, time);
        return store.Read() is { } fault ? throw new StartFaultException(fault) : store;
    }

    /// <summary>Finds the token that a text is; in a time that tells nothing of the tokens there are.</summary>
    /// <returns>Its name; <see langword="null"/> when it is none, or one that is over.</returns>
    public string? Find(string text)
    {
        if (text.Length is 0 or > AdminTokenFile.TokenLengthMax)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        AdminToken? found = null;
        foreach (var token in Volatile.Read(ref _tokens))
        {
            if (CryptographicOperations.FixedTimeEquals(hash, token.Hash.Span))
            {
                found = token;
            }
        }

        return found is not null && (found.ExpiresAt is not { } end || _time.GetUtcNow() < end) ? found.Name : null;
    }

    /// <inheritdoc/>
    public Task ReloadAsync()
    {
        _faults.Show(Read());
        return Task.CompletedTask;
    }

    // What is not taken is looked at again: its mode may be mended, and its content stay.
    private string? Read()
    {
        try
        {
            var content = BoundedFile.Read(_path, AdminTokenFile.SizeMaxBytes);
            if (AdminTokenFile.FindUnsafe(_path) is { } fault)
            {
                return fault;
            }

            if (content.AsSpan().SequenceEqual(_content))
            {
                return null;
            }

            var read = AdminTokenFile.Read(content);
            if (!read.TryGet(out var tokens))
            {
                return FaultText.Write(_path, read.Faults[0]);
            }

            Volatile.Write(ref _tokens, tokens);
            _content = content;
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{_path}: the file cannot be read";
        }
    }
}
