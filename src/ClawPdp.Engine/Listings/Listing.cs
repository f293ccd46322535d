using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Listings;

/// <summary>The answer to a <see cref="ListingQuestion"/>.</summary>
public sealed record Listing
{
    /// <summary>Gets why there is no list, or <see cref="ReasonCode.Allowed"/>.</summary>
    public required ReasonCode Reason { get; init; }

    /// <summary>Gets a sentence for a human; never a token, key or other secret.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the list; <see langword="null"/> when the token may use nothing.</summary>
    public AllowedNames? Allowed { get; init; }

    /// <summary>Gets until when the list holds while the epoch stands still; <see langword="null"/> means not at all.</summary>
    public DateTimeOffset? CacheableUntil { get; init; }

    /// <summary>Gets the epoch the answer belongs to.</summary>
    public required long Epoch { get; init; }
}
