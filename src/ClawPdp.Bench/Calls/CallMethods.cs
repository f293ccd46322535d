namespace ClawPdp.Bench.Calls;

/// <summary>The paths of the methods that are called.</summary>
internal static class CallMethods
{
    public const string Authorize = "/clawpdp.v1.DecisionService/Authorize";
    public const string AuthorizeBatch = "/clawpdp.v1.DecisionService/AuthorizeBatch";
    public const string AuthorizeStream = "/clawpdp.v1.DecisionService/AuthorizeStream";
    public const string SignReceipt = "/clawpdp.v1.ReceiptService/SignReceipt";
}
