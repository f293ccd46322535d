namespace ClawPdp.Server.Grpc;

/// <summary>
/// The full names of the contract's services. The generated descriptors know them, too, but to ask one builds the reflection of the whole
/// contract, which a start has no use for.
/// </summary>
internal static class ServiceNames
{
    public const string Decisions = "clawpdp.v1.DecisionService";
    public const string Tokens = "clawpdp.v1.TokenService";
    public const string Receipts = "clawpdp.v1.ReceiptService";
    public const string Policies = "clawpdp.v1.PolicyService";
    public const string Runs = "clawpdp.v1.RunService";
    public const string Audits = "clawpdp.v1.AuditService";
}
