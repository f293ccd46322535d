using ClawPdp.Engine.Decisions;

using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Listings;

/// <summary>Asks what a token may use of one kind.</summary>
public sealed record ListingQuestion
{
    /// <summary>Gets the whole text of the CST.</summary>
    public required PresentedToken Token { get; init; }

    /// <summary>Gets the kind: a tool, a model or a host.</summary>
    public required Dimension Kind { get; init; }

    /// <summary>Gets names that the caller would like to know about.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>Gets the models' provider; <see langword="null"/> or empty when not stated.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets what the caller states; <see langword="null"/> for nothing.</summary>
    public IReadOnlyDictionary<string, string>? Stated { get; init; }

    /// <summary>Gets the audience that asks; <see langword="null"/> or empty for whichever the token and the sidecar share.</summary>
    public string? Audience { get; init; }

    /// <summary>Gives the question whether one name is allowed by itself.</summary>
    public Question About(string name) => new()
    {
        Token = Token,
        Tool = Kind == Dimension.Tool ? name : null,
        Model = Kind == Dimension.Model ? name : null,
        Host = Kind == Dimension.Host ? name : null,
        Provider = Provider,
        Stated = Stated,
        Audience = Audience,
    };
}
