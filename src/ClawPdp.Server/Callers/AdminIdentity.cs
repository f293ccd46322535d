using System.Globalization;
using ClawPdp.Ledger;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Callers;

/// <summary>Who does an admin act, as far as it was proven: what stands in the records of admin acts.</summary>
internal sealed class AdminIdentity
{
    /// <summary>How a caller is called of whom nothing is known but that it reached a listener.</summary>
    public const string Unproven = "local";

    // What the contract and the ledger take; only a SPIFFE id can be longer.
    private const int LengthMax = 1024;

    private static readonly object TokenItem = new();

    private readonly CallTrace _trace;

    private AdminIdentity(Caller? caller, string? tokenName, string? holder, CallTrace trace)
    {
        Listener = caller?.Listener.Name;
        UserId = caller?.Peer?.UserId;
        ProcessId = caller?.Peer?.ProcessId;
        SpiffeId = caller?.SpiffeId;
        Address = caller?.Address;
        _trace = trace;
        TokenName = tokenName;
        Holder = holder;
    }

    public string? Listener { get; }

    public uint? UserId { get; }

    public int? ProcessId { get; }

    public string? SpiffeId { get; }

    public string? Address { get; }

    public string? TokenName { get; }

    /// <summary>Gets the client or subject that a door's own credential named; <see langword="null"/> for none.</summary>
    public string? Holder { get; }

    /// <summary>Gives who is behind a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="holder">Whom a door's own credential named.</param>
    public static AdminIdentity Of(HttpContext context, string? holder = null) =>
        new(Caller.Of(context), context.Items[TokenItem] as string, string.IsNullOrEmpty(holder) ? null : holder, CallTrace.Of(context.Request.Headers));

    /// <summary>Keeps the name of the token that a request came with.</summary>
    public static void SetToken(HttpContext context, string name) => context.Items[TokenItem] = name;

    /// <summary>Gives the record of an act.</summary>
    /// <param name="operation">The method.</param>
    /// <param name="target">What it is about; empty for nothing that has a name.</param>
    /// <param name="reason">Why, in the caller's words; empty when not stated.</param>
    /// <param name="now">The instant.</param>
    public ActRecord Record(string operation, string target, string reason, DateTimeOffset now) => new()
    {
        ActId = "act_" + Guid.CreateVersion7(now).ToString("N"),
        ActedAt = now,
        Operation = operation,
        Target = target.Length > 0 ? target : null,
        Reason = reason.Length > 0 ? reason : null,
        By = ToString(),
        Listener = Listener,
        UserId = UserId,
        ProcessId = ProcessId,
        SpiffeId = SpiffeId,
        TokenName = TokenName,
        Address = Address,
        TraceParent = _trace.Parent,
        TraceState = _trace.State,
    };

    /// <summary>Gives the proven names, such as <c>uid:1000 pid:4242</c>, <c>spiffe://example.org/ops/ci</c> or <c>token:ci</c>: at most 1,024 characters.</summary>
    public override string ToString()
    {
        string?[] names =
        [
            UserId is { } user ? string.Create(CultureInfo.InvariantCulture, $"uid:{user}") : null,
            ProcessId is > 0 and var process ? string.Create(CultureInfo.InvariantCulture, $"pid:{process}") : null,
            SpiffeId,
            TokenName is null ? null : "token:" + TokenName,
            Holder,
        ];
        var known = string.Join(' ', names.Where(static name => name is not null));
        return known.Length switch
        {
            0 => Unproven,
            > LengthMax => known[..LengthMax],
            _ => known,
        };
    }
}
