namespace ClawPdp.Server.Reload;

/// <summary>Something made from files that may change while the sidecar runs. A bad change keeps the last good one, visibly.</summary>
internal interface IReloadable
{
    /// <summary>Gets the name in log lines and health.</summary>
    string Name { get; }

    /// <summary>Gets why the files as they are now were refused; <see langword="null"/> when they are in force.</summary>
    string? Fault { get; }

    /// <summary>Looks at the files and takes up a good change.</summary>
    Task ReloadAsync();
}
