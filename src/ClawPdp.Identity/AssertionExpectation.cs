namespace ClawPdp.Identity;

/// <summary>Who an identity assertion has to be for.</summary>
/// <param name="Audience">The issuer's name of the authorization server; compared exactly.</param>
/// <param name="ClientId">The client that shows it and has authenticated itself; compared exactly.</param>
public sealed record AssertionExpectation(string Audience, string ClientId);
