using ClawPdp.Server.Health;

namespace ClawPdp.Server.Reload;

/// <summary>Shows the fault of something that is looked at again and again: logged and counted once until it changes.</summary>
internal sealed class FaultBoard
{
    private readonly string _name;
    private readonly PolicyMeter _meter;
    private readonly ILogger _logger;
    private string? _fault;

    public FaultBoard(string name, PolicyMeter meter, ILogger logger)
    {
        _name = name;
        _meter = meter;
        _logger = logger;
    }

    /// <summary>Gets the fault that is shown; <see langword="null"/> for none.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Shows a fault, or with <see langword="null"/> that there is none any more.</summary>
    public void Show(string? fault)
    {
        if (fault is not null && !string.Equals(Fault, fault, StringComparison.Ordinal))
        {
            _meter.AddFailure();
            Log.ReloadRefused(_logger, _name, fault);
        }

        Volatile.Write(ref _fault, fault);
    }
}
