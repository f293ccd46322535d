namespace ClawPdp.Bench.Plans;

/// <summary>What one timed call is.</summary>
public enum CallKind
{
    /// <summary>One question by <c>Authorize</c>.</summary>
    Authorize = 0,

    /// <summary>Many questions by one <c>AuthorizeBatch</c>; the time is that of the whole batch.</summary>
    Batch = 1,

    /// <summary>One question on an open <c>AuthorizeStream</c>.</summary>
    Stream = 2,

    /// <summary>One <c>SignReceipt</c>.</summary>
    Receipt = 3,

    /// <summary>One unary call of any gRPC method, with fixed bytes.</summary>
    Raw = 4,
}
