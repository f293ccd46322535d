namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A row: what is wrong with an identity provider, or with what it signed.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Provider">Which provider signs the ID token.</param>
/// <param name="Answer">What callers get to know.</param>
/// <param name="Mint">Signs it.</param>
internal sealed record ProviderFault(string Name, IssuerFault Provider, string Answer, Func<LocalIssuer, string> Mint)
{
    private const string Unavailable = "IDP_UNAVAILABLE";

    /// <summary>Gets the rows; the first breaks nothing, and so does the last: then the faults in between were those of their rows.</summary>
    public static IReadOnlyList<ProviderFault> All { get; } =
    [
        new("nothing", IssuerFault.None, MatrixDoor.Issued, Good),
        new("the provider is not there", IssuerFault.Absent, Unavailable, Good),
        new("the provider answers with errors", IssuerFault.Failing, Unavailable, Good),
        new("the provider's certificate is not trusted", IssuerFault.UntrustedCertificate, Unavailable, Good),
        new("the provider names itself otherwise", IssuerFault.OtherName, Unavailable, Good),
        new("its keys do not come", IssuerFault.SilentKeys, Unavailable, Good),
        new("its keys come a byte at a time", IssuerFault.DrippingKeys, Unavailable, Good),
        new("its keys are garbage", IssuerFault.GarbageKeys, Unavailable, Good),
        new("its keys are too large", IssuerFault.HugeKeys, Unavailable, Good),
        new("it has no keys", IssuerFault.EmptyKeys, Unavailable, Good),
        new("the ID token has expired", IssuerFault.None, "ID_TOKEN_EXPIRED", static issuer => issuer.Mint(lifetimeSeconds: -120)),
        new("the ID token is for another client", IssuerFault.None, "ID_TOKEN_BAD_AUDIENCE", static issuer => issuer.Mint(audience: "other-client")),
        new("the ID token has one bit changed", IssuerFault.None, "ID_TOKEN_SIGNATURE_INVALID", static issuer => MatrixFault.OtherBit(issuer.Mint())),
        new("the ID token's key is not among the provider's", IssuerFault.None, "ID_TOKEN_UNKNOWN_KID", static issuer => issuer.Mint(key: "local-2")),
        new("the ID token is of a provider that is not configured", IssuerFault.None, "ID_TOKEN_ISSUER_UNKNOWN", static issuer => issuer.Mint(issuer: "http://127.0.0.1:1")),
        new("nothing any more", IssuerFault.None, MatrixDoor.Issued, Good),
    ];

    /// <summary>Gets what it concerns: whether anything is broken.</summary>
    public FaultKinds Kind => Answer == MatrixDoor.Issued ? FaultKinds.Nothing : FaultKinds.Provider;

    private static string Good(LocalIssuer issuer) => issuer.Mint();
}
