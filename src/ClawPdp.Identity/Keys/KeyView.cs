namespace ClawPdp.Identity.Keys;

/// <summary>What is known of an issuer's keys; immutable, replaced as a whole when a fetch ends.</summary>
internal sealed class KeyView
{
    private KeyView()
    {
    }

    public static KeyView Initial { get; } = new();

    /// <summary>Gets the keys of the last successful fetch; empty when there was none.</summary>
    public KeySet Keys { get; private init; } = KeySet.Empty;

    public Moment? Attempted { get; private init; }

    public Moment? Succeeded { get; private init; }

    public Moment? Failed { get; private init; }

    public string? FailureReason { get; private init; }

    /// <summary>Gets the failures since the last success.</summary>
    public int FailureCount { get; private init; }

    public KeyView WithSuccess(Moment started, KeySet keys) => new()
    {
        Keys = keys,
        Attempted = started,
        Succeeded = started,
        Failed = Failed,
        FailureReason = FailureReason,
    };

    public KeyView WithFailure(Moment started, string reason) => new()
    {
        Keys = Keys,
        Attempted = started,
        Succeeded = Succeeded,
        Failed = started,
        FailureReason = reason,
        FailureCount = FailureCount == int.MaxValue ? FailureCount : FailureCount + 1,
    };
}
