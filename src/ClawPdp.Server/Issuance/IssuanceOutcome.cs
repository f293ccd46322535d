namespace ClawPdp.Server.Issuance;

/// <summary>Either a token or the reason for none.</summary>
internal sealed record IssuanceOutcome
{
    private IssuanceOutcome(IssuedToken? issued, IssuanceRefusal? refusal)
    {
        Issued = issued;
        Refusal = refusal;
    }

    public IssuedToken? Issued { get; }

    public IssuanceRefusal? Refusal { get; }

    public static IssuanceOutcome Of(IssuedToken issued) => new(issued, null);

    public static IssuanceOutcome Of(IssuanceRefusal refusal) => new(null, refusal);
}
