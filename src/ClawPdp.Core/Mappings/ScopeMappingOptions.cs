namespace ClawPdp.Core.Mappings;

/// <summary>What an installation allows in its scope mapping.</summary>
public sealed record ScopeMappingOptions
{
    /// <summary>Gets a value indicating whether <c>*</c> may be granted; the default is no.</summary>
    public bool AllowWildcards { get; init; }

    /// <summary>Gets a value indicating whether scopes may be granted that open the control routes of public services, such as <c>control:audit:read</c>; the default is no.</summary>
    public bool AllowControlScopes { get; init; }

    /// <summary>Gets the longest lifetime that the server issues, in seconds; a mapping may name more and gets this.</summary>
    public int LifetimeMaxSeconds { get; init; } = Tokens.CstLimits.TtlMaxSeconds;
}
