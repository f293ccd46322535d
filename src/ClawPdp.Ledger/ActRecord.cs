namespace ClawPdp.Ledger;

/// <summary>An admin act as it was asked for, and by whom. It is recorded before anything is done.</summary>
public sealed record ActRecord
{
    /// <summary>Gets the act's id: 1 to 256 characters.</summary>
    public required string ActId { get; init; }

    /// <summary>Gets when it was asked for.</summary>
    public required DateTimeOffset ActedAt { get; init; }

    /// <summary>Gets what was asked for, such as <c>ActivatePolicy</c>: 1 to 256 characters.</summary>
    public required string Operation { get; init; }

    /// <summary>Gets what it is about, such as a policy's hash, at most 1024 characters; <see langword="null"/> when that has no name.</summary>
    public string? Target { get; init; }

    /// <summary>Gets why, in the caller's words, at most 1024 characters; <see langword="null"/> when not stated.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets who, every proven name in one text: 1 to 1024 characters.</summary>
    public required string By { get; init; }

    /// <summary>Gets the listener that it came through, at most 256 characters; <see langword="null"/> when unknown.</summary>
    public string? Listener { get; init; }

    /// <summary>Gets the user of the caller's process; <see langword="null"/> when the kernel did not say.</summary>
    public long? UserId { get; init; }

    /// <summary>Gets the caller's process, 0 in another PID namespace; <see langword="null"/> when the kernel did not say.</summary>
    public long? ProcessId { get; init; }

    /// <summary>Gets the SPIFFE id of the caller's certificate, at most 4096 characters; <see langword="null"/> for none.</summary>
    public string? SpiffeId { get; init; }

    /// <summary>Gets the name of the caller's admin token, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TokenName { get; init; }

    /// <summary>Gets the caller's network address, at most 256 characters; <see langword="null"/> for a local socket.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it, at most 1024 characters; <see langword="null"/> for none.</summary>
    public string? TraceState { get; init; }
}
