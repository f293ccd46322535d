using ClawPdp.Core.Faults;
using ClawPdp.Core.Mappings;
using ClawPdp.Engine.State;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Mappings;

/// <summary>Holds the scope mapping in force and takes up a changed file.</summary>
internal sealed class MappingStore : IReloadable
{
    /// <summary>The longest mapping file that is read.</summary>
    public const int SizeMaxBytes = 1 << 20;

    private readonly WatchedFile _file;
    private readonly ScopeMappingOptions _options;
    private readonly EngineStateStore _states;
    private readonly ILogger<MappingStore> _logger;
    private ScopeMappings _current;
    private string? _fault;

    private MappingStore(WatchedFile file, ScopeMappingOptions options, ScopeMappings initial, EngineStateStore states, ILogger<MappingStore> logger)
    {
        _file = file;
        _options = options;
        _current = initial;
        _states = states;
        _logger = logger;
    }

    /// <summary>Gets the mapping in force.</summary>
    public ScopeMappings Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public string Name => "scope mapping";

    /// <inheritdoc/>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Gives the options of an installation.</summary>
    public static ScopeMappingOptions OptionsOf(IssuanceSettings settings) => new()
    {
        AllowWildcards = settings.AllowWildcards,
        AllowControlScopes = settings.AllowControlScopes,
        LifetimeMaxSeconds = settings.LifetimeMaxSeconds,
    };

    /// <summary>Reads the file for the first time.</summary>
    public static Result<MappingStore> Open(IssuanceSettings settings, EngineStateStore states, ILogger<MappingStore> logger)
    {
        var file = new WatchedFile(settings.ScopeMappingPath, SizeMaxBytes);
        var options = OptionsOf(settings);
        try
        {
            var loaded = ScopeMappingLoader.Load(file.ReadIfChanged() ?? [], options);
            return loaded.TryGet(out var mappings)
                ? Result.Valid(new MappingStore(file, options, mappings, states, logger))
                : Result.Invalid<MappingStore>(loaded.Faults);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Result.Invalid<MappingStore>([new Fault("", "the file cannot be read")]);
        }
    }

    /// <summary>Gives the operator's label for a policy; empty when the mapping pins another one or none.</summary>
    public string LabelOf(string? policyHash) => policyHash is null ? "" : Current.LabelOf(policyHash) ?? "";

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
            if (_file.ReadIfChanged() is not { } content)
            {
                return;
            }

            var loaded = ScopeMappingLoader.Load(content, _options);
            if (loaded.TryGet(out var mappings))
            {
                Volatile.Write(ref _current, mappings);
                Volatile.Write(ref _fault, null);
                _states.Advance();
                Log.MappingReloaded(_logger, mappings.MappingHash);
                return;
            }

            Refuse(FaultText.Write(_file.Path, loaded.Faults[0]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Refuse($"{_file.Path}: the file cannot be read");
        }
    }

    private void Refuse(string message)
    {
        if (!string.Equals(Fault, message, StringComparison.Ordinal))
        {
            Log.ReloadRefused(_logger, Name, message);
        }

        Volatile.Write(ref _fault, message);
    }
}
