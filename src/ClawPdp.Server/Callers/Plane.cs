namespace ClawPdp.Server.Callers;

/// <summary>What a listener may carry. The names of the configuration are those of <see cref="PlaneNames"/>.</summary>
[Flags]
internal enum Plane
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Questions, receipts, runs, watches, and whatever else changes nothing but what the caller does itself.</summary>
    Decision = 1,

    /// <summary>Tokens, from a sign-in or from another token.</summary>
    Issuance = 2,

    /// <summary>Numbers about the sidecar, for machines that watch it.</summary>
    Metrics = 4,

    /// <summary>Whatever changes what the sidecar answers, or gives out what others did: policies, revocations, keys, exports.</summary>
    Admin = 8,

    /// <summary>Every plane.</summary>
    All = Decision | Issuance | Metrics | Admin,
}
